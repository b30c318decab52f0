// Both locks in one step: std::scoped_lock takes them all or waits with none in its hands.
//
// Happens-before: each unlock to the next lock of the same mutex_, so what `other` counted before a
// merge to every later query of the one that took it over.
// Costs: a merge that finds one lock taken lets go of the other and tries again; both collectors
// stand still while it copies.
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
    const std::scoped_lock lock(mutex_, other.mutex_);
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
