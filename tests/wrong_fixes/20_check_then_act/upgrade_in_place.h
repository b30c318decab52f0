// Refused: deadlock: keeps its shared lock while it takes the exclusive one, so that nobody can
// come between. It waits for all who share the lock, itself among them.
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
    const std::shared_lock look(mutex_);
    const bool known = hits_.contains(record.key);
    const std::unique_lock act(mutex_);
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
