// Refused: wrong_result: one lock object for the whole function, let go for a moment so that nobody
// waits while the key is looked up a second time. That moment is the fault.
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
    std::unique_lock lock(mutex_);
    const bool known = hits_.contains(record.key);
    lock.unlock();
    const std::string key = record.key;
    lock.lock();
    if (known) {
      ++hits_[key];
    } else {
      hits_[key] = 1;
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
