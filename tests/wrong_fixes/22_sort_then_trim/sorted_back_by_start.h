// Refused: wrong_result: sorts for the screen and then back, by the time at which the request
// began. Records arrive when the reply ends: a slow request began first and arrives last.
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

  std::vector<redis::Record> slowest() {
    const std::lock_guard lock(mutex_);
    std::sort(records_.begin(), records_.end(), slower);
    auto sorted = records_;
    std::sort(records_.begin(), records_.end(),
              [](const auto& a, const auto& b) { return a.start_us < b.start_us; });
    return sorted;
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
