// Refused: race: check and act under one lock, but for known keys, which "are never removed" and so
// are looked up before it.
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
    const auto found = hits_.find(record.key);
    const std::lock_guard lock(mutex_);
    if (found != hits_.end()) {
      ++found->second;
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
