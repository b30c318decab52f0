// A multimap by latency, and a queue of its iterators by arrival. Right: what leaves one order
// leaves the other in the same locked section.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <vector>

#include "redis/record.h"

namespace sort_then_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {}

  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    by_arrival_.push_back(by_latency_.emplace(record.latency_us, record));
    if (by_arrival_.size() <= records_max_) return;
    by_latency_.erase(by_arrival_.front());
    by_arrival_.pop_front();
  }

  std::vector<redis::Record> slowest() const {
    const std::lock_guard lock(mutex_);
    std::vector<redis::Record> records;
    for (const auto& [latency_us, record] : by_latency_) records.push_back(record);
    return records;
  }

 private:
  using ByLatency = std::multimap<std::int64_t, redis::Record, std::greater<>>;

  mutable std::mutex mutex_;  // Guards by_latency_ and by_arrival_.
  const std::size_t records_max_;
  ByLatency by_latency_;                        // Slowest first.
  std::deque<ByLatency::iterator> by_arrival_;  // Newest last.
};

}  // namespace sort_then_trim
