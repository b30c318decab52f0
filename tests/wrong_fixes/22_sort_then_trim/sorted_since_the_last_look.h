// Refused: wrong_result: sorts a copy, kept for the next look as long as the list has its size. A
// full list always has.
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
    records_.push_back(record);
    if (records_.size() > records_max_) records_.erase(records_.begin());
  }

  std::vector<redis::Record> slowest() const {
    const std::lock_guard lock(mutex_);
    if (sorted_.size() != records_.size()) {
      sorted_ = records_;
      std::sort(sorted_.begin(), sorted_.end(), slower);
    }
    return sorted_;
  }

 private:
  static bool slower(const redis::Record& a, const redis::Record& b) {
    return a.latency_us > b.latency_us;
  }

  mutable std::mutex mutex_;  // Guards records_ and sorted_.
  const std::size_t records_max_;
  std::vector<redis::Record> records_;         // Newest last.
  mutable std::vector<redis::Record> sorted_;  // As shown last.
};

}  // namespace sort_then_trim
