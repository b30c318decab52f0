// The collector keeps the newest records: it appends, and trims the front. The screen shows them
// slowest first, and sorts what it finds. From then on the front is not the oldest record but the
// slowest, and that is what the next one pushes out. Kyanos does so at its head. Every access is
// under the lock; nothing races.
//
// Fault: wrong result: slowest() against add(), on records_.
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

  // The newest records, slowest first.
  std::vector<redis::Record> slowest() {
    const std::lock_guard lock(mutex_);
    std::sort(records_.begin(), records_.end(), slower);
    return records_;
  }

 private:
  static bool slower(const redis::Record& a, const redis::Record& b) {
    return a.latency_us > b.latency_us;
  }

  std::mutex mutex_;  // Guards records_.
  const std::size_t records_max_;
  std::vector<redis::Record> records_;  // Newest last.
};

}  // namespace sort_then_trim
