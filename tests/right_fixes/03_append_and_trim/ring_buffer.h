// A ring of fixed size. Right: ring and count are one under the mutex; a slot is overwritten only
// when its record is the oldest.
#pragma once

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <vector>

#include "redis/record.h"

namespace append_and_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : ring_(records_max) {}

  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    ring_[added_++ % ring_.size()] = record;
  }

  std::vector<redis::Record> recent() const {
    const std::lock_guard lock(mutex_);
    std::vector<redis::Record> records;
    for (auto i = added_ - std::min(added_, ring_.size()); i < added_; ++i) {
      records.push_back(ring_[i % ring_.size()]);
    }
    return records;
  }

 private:
  mutable std::mutex mutex_;  // Guards ring_ and added_.
  std::vector<redis::Record> ring_;
  std::size_t added_ = 0;
};

}  // namespace append_and_trim
