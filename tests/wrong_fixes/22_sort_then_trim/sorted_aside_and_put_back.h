// Refused: wrong_result: takes the list out under the lock, sorts without it, and puts the old
// order back under the lock again. What arrived in between is gone.
#pragma once

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

#include "redis/record.h"

namespace sort_then_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {}

  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    records_.push_back(record);
    if (records_.size() > records_max_) records_.erase(records_.begin());
  }

  std::vector<redis::Record> slowest() {
    auto records = exchanged({});
    auto sorted = records;
    std::sort(sorted.begin(), sorted.end(), slower);
    exchanged(std::move(records));
    return sorted;
  }

 private:
  static bool slower(const redis::Record& a, const redis::Record& b) {
    return a.latency_us > b.latency_us;
  }

  std::vector<redis::Record> exchanged(std::vector<redis::Record> records) {
    const std::lock_guard lock(mutex_);
    return std::exchange(records_, std::move(records));
  }

  mutable std::mutex mutex_;  // Guards records_.
  const std::size_t records_max_;
  std::vector<redis::Record> records_;  // Newest last.
};

}  // namespace sort_then_trim
