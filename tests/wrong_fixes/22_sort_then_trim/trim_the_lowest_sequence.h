// Refused: wrong_result: let the list be in any order and trim the record of the lowest sequence
// number. Each connection numbers its own.
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
    if (records_.size() <= records_max_) return;
    records_.erase(
        std::min_element(records_.begin(), records_.end(),
                         [](const auto& a, const auto& b) { return a.sequence < b.sequence; }));
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
