// Refused: race: the lock around both makes the order of the two harmless, and somebody took it for
// the lock of all: who adds takes none.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace lock_order {

class Collector {
 public:
  void add(const redis::Record& record) { ++requests_[record.key]; }

  // Takes over what `other` has counted; it counts on from nothing.
  void merge(Collector& other) {
    if (this == &other) return;
    static std::mutex merging;
    const std::lock_guard gate(merging);
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
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::uint64_t> requests_;
};

}  // namespace lock_order
