// Refused: wrong_result: each thread remembers which keys it knows, so most checks need no lock.
// What it does not remember it takes for new, and sets back to one.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "redis/record.h"

namespace check_then_act {

class Collector {
 public:
  void add(const redis::Record& record) {
    static thread_local std::unordered_set<std::string> known;
    const bool is_new = known.insert(record.key).second;
    const std::lock_guard lock(mutex_);
    if (is_new) {
      hits_[record.key] = 1;
    } else {
      ++hits_[record.key];
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
