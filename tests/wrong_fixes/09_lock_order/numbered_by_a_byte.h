// Refused: deadlock: each collector has a number, and the lock of the smaller one is taken first.
// The number is a byte: after 256 collectors there are two with the same.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace lock_order {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    ++requests_[record.key];
  }

  // Takes over what `other` has counted; it counts on from nothing.
  void merge(Collector& other) {
    if (this == &other) return;
    const bool first = number_ <= other.number_;
    const std::lock_guard lock(first ? mutex_ : other.mutex_);
    const std::lock_guard other_lock(first ? other.mutex_ : mutex_);
    for (const auto& [key, count] : other.requests_) requests_[key] += count;
    other.requests_.clear();
  }

  std::uint64_t requests(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = requests_.find(key);
    return found == requests_.end() ? 0 : found->second;
  }

 private:
  static inline std::atomic<std::uint8_t> collectors_ = 0;
  const std::uint8_t number_ = collectors_++;
  mutable std::mutex mutex_;  // Guards requests_.
  std::unordered_map<std::string, std::uint64_t> requests_;
};

}  // namespace lock_order
