// Refused: deadlock: by address is a right order, and with it the check for merging into itself
// went: there the same mutex is both, and is locked twice.
#pragma once

#include <cstdint>
#include <functional>
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
    const bool first = std::less<>{}(this, &other);
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
  mutable std::mutex mutex_;  // Guards requests_.
  std::unordered_map<std::string, std::uint64_t> requests_;
};

}  // namespace lock_order
