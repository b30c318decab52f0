// Refused: race: sorts pointers to the records, so that neither the list is disturbed nor a record
// copied under the lock. They are copied after it, from where the list has moved on.
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

  std::vector<redis::Record> slowest() const {
    auto pointers = arrived();
    std::sort(pointers.begin(), pointers.end(), [](auto* a, auto* b) { return slower(*a, *b); });
    std::vector<redis::Record> records;
    for (const auto* record : pointers) records.push_back(*record);
    return records;
  }

 private:
  static bool slower(const redis::Record& a, const redis::Record& b) {
    return a.latency_us > b.latency_us;
  }

  std::vector<const redis::Record*> arrived() const {
    const std::lock_guard lock(mutex_);
    std::vector<const redis::Record*> pointers;
    for (const auto& record : records_) pointers.push_back(&record);
    return pointers;
  }

  mutable std::mutex mutex_;  // Guards records_.
  const std::size_t records_max_;
  std::vector<redis::Record> records_;  // Newest last.
};

}  // namespace sort_then_trim
