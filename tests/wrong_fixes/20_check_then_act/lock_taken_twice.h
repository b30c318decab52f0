// Refused: deadlock: the whole of add() under the lock, and the check still calls hits(), which
// takes the same lock.
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
    const bool known = hits(record.key) > 0;
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
