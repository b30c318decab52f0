// Refused: deadlock: a lock around both, but each collector has its own. Two merges never meet at
// it.
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
    const std::lock_guard gate(merging_);
    const std::lock_guard lock(mutex_);
    const std::lock_guard other_lock(other.mutex_);
    for (const auto& [key, count] : other.requests_) requests_[key] += count;
    other.requests_.clear();
  }

  std::uint64_t requests(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = requests_.find(key);
    return found == requests_.end() ? 0 : found->second;
  }

 private:
  std::mutex merging_;
  mutable std::mutex mutex_;  // Guards requests_.
  std::unordered_map<std::string, std::uint64_t> requests_;
};

}  // namespace lock_order
