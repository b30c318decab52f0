// Refused: wrong_result: to hold the lock for short, a look copies sixteen records at a time. What
// comes in between moves all up by one, and the record on the edge is missed.
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
    std::vector<redis::Record> records;
    for (bool more = true; more;) {
      const std::lock_guard lock(mutex_);
      for (int i = 0; i < 16 && records.size() < records_.size(); ++i)
        records.push_back(records_[records.size()]);
      more = records.size() < records_.size();
    }
    std::sort(records.begin(), records.end(), slower);
    return records;
  }

 private:
  static bool slower(const redis::Record& a, const redis::Record& b) {
    return a.latency_us > b.latency_us;
  }

  mutable std::mutex mutex_;
  const std::size_t records_max_;
  std::vector<redis::Record> records_;
};
}  // namespace sort_then_trim
