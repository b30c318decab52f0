// Refused: wrong_result: the counts are atomic, so no count is torn. Load, add one, store: three
// atomic steps, and a count is lost between them.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace check_then_act {

class Collector {
 public:
  void add(const redis::Record& record) {
    auto& count = count_of(record.key);
    count.store(count.load() + 1);
  }

  std::uint64_t hits(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = hits_.find(key);
    return found == hits_.end() ? 0 : found->second.load();
  }

 private:
  // An element of an unordered_map stays where it is, so the reference may leave the lock.
  std::atomic<std::uint64_t>& count_of(const std::string& key) {
    const std::lock_guard lock(mutex_);
    return hits_[key];
  }

  mutable std::mutex mutex_;  // Guards hits_, not the counts in it.
  std::unordered_map<std::string, std::atomic<std::uint64_t>> hits_;
};

}  // namespace check_then_act
