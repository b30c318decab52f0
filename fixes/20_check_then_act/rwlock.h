// A read-write lock; add() holds it alone from the check to the act.
//
// Happens-before: each unlock to the next lock of mutex_ where either is exclusive.
// Costs: add() can share nothing, not even its look: a shared lock cannot become an exclusive one
// without letting go, and then the look would be stale.
#pragma once

#include <cstdint>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace check_then_act {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::unique_lock lock(mutex_);
    const bool known = hits_.contains(record.key);
    if (known) {
      ++hits_[record.key];
    } else {
      hits_[record.key] = 1;
    }
  }

  std::uint64_t hits(const std::string& key) const {
    const std::shared_lock lock(mutex_);
    const auto found = hits_.find(key);
    return found == hits_.end() ? 0 : found->second;
  }

 private:
  mutable std::shared_mutex mutex_;  // Guards hits_.
  std::unordered_map<std::string, std::uint64_t> hits_;
};

}  // namespace check_then_act
