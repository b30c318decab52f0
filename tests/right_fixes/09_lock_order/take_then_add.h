// Right: never two locks at once. The counts are taken out under one lock and added under the
// other; in between they are on the stack of the thread that merges.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

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
    const auto taken = other.take();
    const std::lock_guard lock(mutex_);
    for (const auto& [key, count] : taken) requests_[key] += count;
  }

  std::uint64_t requests(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = requests_.find(key);
    return found == requests_.end() ? 0 : found->second;
  }

 private:
  std::unordered_map<std::string, std::uint64_t> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(requests_, {});
  }

  mutable std::mutex mutex_;  // Guards requests_.
  std::unordered_map<std::string, std::uint64_t> requests_;
};

}  // namespace lock_order
