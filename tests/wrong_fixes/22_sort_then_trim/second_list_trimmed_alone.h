// Refused: wrong_result: a second list for the screen, always sorted, with a cap of its own. Each
// list trims its own end, so they part: the screen keeps the slowest that ever were.
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
    sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), record, slower), record);
    if (sorted_.size() > records_max_) sorted_.pop_back();
  }

  std::vector<redis::Record> slowest() const {
    const std::lock_guard lock(mutex_);
    return sorted_;
  }

 private:
  static bool slower(const redis::Record& a, const redis::Record& b) {
    return a.latency_us > b.latency_us;
  }

  mutable std::mutex mutex_;  // Guards records_ and sorted_.
  const std::size_t records_max_;
  std::vector<redis::Record> records_;  // Newest last.
  std::vector<redis::Record> sorted_;   // Slowest first.
};

}  // namespace sort_then_trim
