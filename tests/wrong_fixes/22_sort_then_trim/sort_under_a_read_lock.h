// Refused: race: the screen "only reads", so it shares a read-write lock, and mutable lets it sort
// all the same. Two screens sort one list together.
#pragma once

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include "redis/record.h"

namespace sort_then_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {}

  void add(const redis::Record& record) {
    const std::unique_lock lock(mutex_);
    records_.push_back(record);
    if (records_.size() > records_max_) records_.erase(records_.begin());
  }

  std::vector<redis::Record> slowest() const {
    const std::shared_lock lock(mutex_);
    std::sort(records_.begin(), records_.end(), slower);
    return records_;
  }

 private:
  static bool slower(const redis::Record& a, const redis::Record& b) {
    return a.latency_us > b.latency_us;
  }

  mutable std::shared_mutex mutex_;  // Guards records_.
  const std::size_t records_max_;
  mutable std::vector<redis::Record> records_;  // Newest last.
};

}  // namespace sort_then_trim
