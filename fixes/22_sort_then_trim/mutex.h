// Copy under the lock, sort the copy. The list keeps the order of arrival, which add() relies on;
// and slowest() is const, so that the compiler refuses to sort the list itself.
//
// Happens-before: each unlock to the next lock of mutex_, so every add() to the copy of a later
// slowest(). The fault was no missing edge: it was one list with two owners of its order.
// Costs: nothing that the racy one did not pay, which copied too. The sort has left the lock.
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
    auto records = arrived();
    std::sort(records.begin(), records.end(), slower);
    return records;
  }

 private:
  static bool slower(const redis::Record& a, const redis::Record& b) {
    return a.latency_us > b.latency_us;
  }

  std::vector<redis::Record> arrived() const {
    const std::lock_guard lock(mutex_);
    return records_;
  }

  mutable std::mutex mutex_;  // Guards records_.
  const std::size_t records_max_;
  std::vector<redis::Record> records_;  // Newest last.
};

}  // namespace sort_then_trim
