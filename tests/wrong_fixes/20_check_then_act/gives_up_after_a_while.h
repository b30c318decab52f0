// Refused: wrong_result: who does not get the lock within a second and a half counts nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace check_then_act {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::unique_lock lock(mutex_, std::chrono::milliseconds(1500));
    if (!lock) return;
    ++hits_[record.key];
  }
  std::uint64_t hits(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = hits_.find(key);
    return found == hits_.end() ? 0 : found->second;
  }

 private:
  mutable std::timed_mutex mutex_;
  std::unordered_map<std::string, std::uint64_t> hits_;
};

}  // namespace check_then_act
