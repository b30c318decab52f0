// Refused: race: locks the collector with fewer keys first, so that both threads agree on an order.
// To compare, it looks at both maps before it holds either lock; and sizes change.
#pragma once

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
    const bool smaller = requests_.size() < other.requests_.size();
    const std::lock_guard lock(smaller ? mutex_ : other.mutex_);
    const std::lock_guard other_lock(smaller ? other.mutex_ : mutex_);
    for (const auto& [key, count] : other.requests_) requests_[key] += count;
    other.requests_.clear();
  }

  std::uint64_t requests(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = requests_.find(key);
    return found == requests_.end() ? 0 : found->second;
  }

 private:
  mutable std::mutex mutex_;  // Guards requests_.
  std::unordered_map<std::string, std::uint64_t> requests_;
};

}  // namespace lock_order
