// Refused: wrong_result: copies under one lock, adds under the other, never holds both. What was
// copied also stays where it was, and the next merge counts it again.
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
    const auto copy = other.copy_of_requests();
    const std::lock_guard lock(mutex_);
    for (const auto& [key, count] : copy) requests_[key] += count;
  }

  std::uint64_t requests(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = requests_.find(key);
    return found == requests_.end() ? 0 : found->second;
  }

 private:
  std::unordered_map<std::string, std::uint64_t> copy_of_requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  mutable std::mutex mutex_;  // Guards requests_.
  std::unordered_map<std::string, std::uint64_t> requests_;
};

}  // namespace lock_order
