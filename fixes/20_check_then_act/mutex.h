// One lock over the check and the act: what was looked up still holds when it is acted upon.
//
// Happens-before: each unlock to the next lock of mutex_, as in the racy one; what is new is that
// no other add() lies between the look and the insert. Costs: a longer lock, by one lookup; and one
// lock and one lookup fewer a record.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace check_then_act {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    const bool known = hits_.contains(record.key);
    if (known) {
      ++hits_[record.key];
    } else {
      hits_[record.key] = 1;
    }
  }

  std::uint64_t hits(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = hits_.find(key);
    return found == hits_.end() ? 0 : found->second;
  }

 private:
  mutable std::mutex mutex_;  // Guards hits_.
  std::unordered_map<std::string, std::uint64_t> hits_;
};

}  // namespace check_then_act
