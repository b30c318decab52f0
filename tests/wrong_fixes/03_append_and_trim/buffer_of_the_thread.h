// Refused: wrong_result: saves the copy for the caller: a reference to a buffer of the thread,
// which the next look fills anew.
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
    records_.push_back(record);
    if (records_.size() > records_max_) records_.erase(records_.begin());
  }
  // Every thread has a copy of its own: no allocation for each look.
  const std::vector<redis::Record>& recent() const {
    thread_local std::vector<redis::Record> copy;
    const std::lock_guard lock(mutex_);
    copy = records_;
    return copy;
  }

 private:
  const std::size_t records_max_;
  mutable std::mutex mutex_;
  std::vector<redis::Record> records_;
};
}  // namespace append_and_trim
