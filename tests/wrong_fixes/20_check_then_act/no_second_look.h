// Refused: wrong_result: the check shares the lock, the act takes it alone, and trusts what the
// check saw before it had to wait.
#pragma once

#include <atomic>
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
    {
      const std::shared_lock lock(mutex_);
      const auto found = hits_.find(record.key);
      if (found != hits_.end()) {
        // Many share the lock here, so the count itself is atomic.
        found->second.fetch_add(1);
        return;
      }
    }
    const std::unique_lock lock(mutex_);
    hits_[record.key] = 1;
  }

  std::uint64_t hits(const std::string& key) const {
    const std::shared_lock lock(mutex_);
    const auto found = hits_.find(key);
    return found == hits_.end() ? 0 : found->second.load();
  }

 private:
  mutable std::shared_mutex mutex_;  // Guards hits_, not the counts in it.
  std::unordered_map<std::string, std::atomic<std::uint64_t>> hits_;
};

}  // namespace check_then_act
