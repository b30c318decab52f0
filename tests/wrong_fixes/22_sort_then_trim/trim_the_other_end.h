// Refused: wrong_result: the slow ones are in front and must not go, so the trim takes the last.
// That is the quickest after a look, and the new record itself before one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <vector>

#include "redis/record.h"

namespace sort_then_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {}

  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    if (records_.size() >= records_max_) records_.pop_back();
    records_.push_back(record);
  }

  std::vector<redis::Record> slowest() {
    const std::lock_guard lock(mutex_);
    std::sort(records_.begin(), records_.end(), slower);
    return records_;
  }

 private:
  static bool slower(const redis::Record& a, const redis::Record& b) {
    return a.latency_us > b.latency_us;
  }

  mutable std::mutex mutex_;  // Guards records_.
  const std::size_t records_max_;
  std::vector<redis::Record> records_;  // Newest last.
};

}  // namespace sort_then_trim
