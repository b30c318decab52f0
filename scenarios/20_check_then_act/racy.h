// Capture threads count the hits of each key: look it up, and insert it when it is new. Each step
// holds the lock; between the two it is free, and what was looked up may no longer hold. Kyanos
// marks the connections that it has attached to in this way, and its sweeper deletes by keys
// collected earlier.
//
// Fault: wrong result: add() against add(), on hits_.
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
    const bool known = hits(record.key) > 0;
    const std::lock_guard lock(mutex_);
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
