// Refused: wrong_result: one erase for many records is cheaper, so the list may grow to twice its
// cap before it is cut. The cap does not hold in between.
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
    if (records_.size() < 2 * records_max_) return;
    records_.erase(records_.begin(), records_.end() - static_cast<std::ptrdiff_t>(records_max_));
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
