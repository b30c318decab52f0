// Refused: wrong_result: when the list is full a new record is turned away: no erase, and never a
// record too many. The screen shows the oldest for ever.
#pragma once

#include <cstddef>
#include <mutex>
#include <vector>

#include "redis/record.h"

namespace append_and_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {}

  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    if (records_.size() == records_max_) return;
    records_.push_back(record);
  }

  std::vector<redis::Record> recent() const {
    const std::lock_guard lock(mutex_);
    return records_;
  }

 private:
  mutable std::mutex mutex_;  // Guards records_.
  const std::size_t records_max_;
  std::vector<redis::Record> records_;  // Newest last.
};

}  // namespace append_and_trim
