// Refused: wrong_result: a deque, the newest in front, since the screen shows it on top. recent()
// gives the newest last.
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <vector>

#include "redis/record.h"

namespace append_and_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {}

  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    records_.push_front(record);
    if (records_.size() > records_max_) records_.pop_back();
  }

  std::vector<redis::Record> recent() const {
    const std::lock_guard lock(mutex_);
    return {records_.begin(), records_.end()};
  }

 private:
  mutable std::mutex mutex_;  // Guards records_.
  const std::size_t records_max_;
  std::deque<redis::Record> records_;  // Newest first.
};

}  // namespace append_and_trim
