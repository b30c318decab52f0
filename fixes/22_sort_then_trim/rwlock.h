// A read-write lock: appending and trimming take it alone, screens share it to copy, and sort what
// they copied.
//
// Happens-before: each unlock to the next lock of mutex_ where either is exclusive, so every add()
// to the copy of a later slowest().
// Costs: the dearer lock; nearly all calls write. It forces the right question, though: who only
// shares a lock cannot sort what it guards.
#pragma once

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include "redis/record.h"

namespace sort_then_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {}

  void add(const redis::Record& record) {
    const std::unique_lock lock(mutex_);
    records_.push_back(record);
    if (records_.size() > records_max_) records_.erase(records_.begin());
  }

  // The newest records, slowest first.
  std::vector<redis::Record> slowest() const {
    auto records = arrived();
    std::sort(records.begin(), records.end(), slower);
    return records;
  }

 private:
  static bool slower(const redis::Record& a, const redis::Record& b) {
    return a.latency_us > b.latency_us;
  }

  std::vector<redis::Record> arrived() const {
    const std::shared_lock lock(mutex_);
    return records_;
  }

  mutable std::shared_mutex mutex_;  // Guards records_.
  const std::size_t records_max_;
  std::vector<redis::Record> records_;  // Newest last.
};

}  // namespace sort_then_trim
