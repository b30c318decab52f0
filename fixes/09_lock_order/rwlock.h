// Read-write locks, and both of a merge in one step: std::scoped_lock takes them all or waits with
// none in its hands.
//
// Happens-before: each unlock to the next lock of the same mutex_ where either is exclusive, so
// what `other` counted before a merge to every later query of the one that took it over. Costs: a
// merge writes to both sides, so it takes both locks alone; only the queries share, and one lookup
// is too short to earn back the dearer lock.
#pragma once

#include <cstdint>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace lock_order {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::unique_lock lock(mutex_);
    ++requests_[record.key];
  }

  // Takes over what `other` has counted; it counts on from nothing.
  void merge(Collector& other) {
    if (this == &other) return;
    const std::scoped_lock lock(mutex_, other.mutex_);
    for (const auto& [key, count] : other.requests_) requests_[key] += count;
    other.requests_.clear();
  }

  std::uint64_t requests(const std::string& key) const {
    const std::shared_lock lock(mutex_);
    const auto found = requests_.find(key);
    return found == requests_.end() ? 0 : found->second;
  }

 private:
  mutable std::shared_mutex mutex_;  // Guards requests_.
  std::unordered_map<std::string, std::uint64_t> requests_;
};

}  // namespace lock_order
