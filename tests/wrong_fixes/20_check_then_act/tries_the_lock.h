// Refused: wrong_result: check and act under one lock, taken only when it is free: "capture must
// never wait". What comes while it is held is not counted.
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
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (lock) ++hits_[record.key];
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
