// Refused: wrong_result: a screen must not wait, so after a hundred tries for the lock it shows the
// list of last time. What has arrived since is not on it.
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
  std::vector<redis::Record> slowest() const {
    const std::lock_guard screen(shown_mutex_);
    for (int tries = 0; tries < kTriesMax; ++tries) {
      const std::unique_lock lock(mutex_, std::try_to_lock);
      if (!lock) continue;
      shown_ = records_;
      break;
    }
    auto records = shown_;
    std::sort(records.begin(), records.end(), slower);
    return records;
  }

 private:
  static constexpr int kTriesMax = 100;
  static bool slower(const redis::Record& a, const redis::Record& b) {
    return a.latency_us > b.latency_us;
  }

  mutable std::mutex mutex_;  // Guards records_.
  const std::size_t records_max_;
  std::vector<redis::Record> records_;  // Newest last.
  mutable std::mutex shown_mutex_;      // Guards shown_.
  mutable std::vector<redis::Record> shown_;
};

}  // namespace sort_then_trim
