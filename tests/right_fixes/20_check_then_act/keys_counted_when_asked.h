// Keeps every key as it came and counts when asked. Right: there is nothing to check, so nothing to
// be stale.
#pragma once

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "redis/record.h"

namespace check_then_act {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    keys_.push_back(record.key);
  }

  std::uint64_t hits(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::uint64_t>(std::count(keys_.begin(), keys_.end(), key));
  }

 private:
  mutable std::mutex mutex_;  // Guards keys_.
  std::vector<std::string> keys_;
};

}  // namespace check_then_act
