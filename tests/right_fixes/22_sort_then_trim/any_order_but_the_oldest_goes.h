// Leaves the list sorted for the screen. Right: the trim does not go by places any more; it looks
// for the record that arrived first, by a ticket.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "redis/record.h"

namespace sort_then_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {}

  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    records_.emplace_back(tickets_++, record);
    if (records_.size() <= records_max_) return;
    records_.erase(
        std::min_element(records_.begin(), records_.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; }));
  }

  std::vector<redis::Record> slowest() {
    const std::lock_guard lock(mutex_);
    std::sort(records_.begin(), records_.end(), [](const auto& a, const auto& b) {
      return a.second.latency_us > b.second.latency_us;
    });
    std::vector<redis::Record> sorted;
    for (const auto& [ticket, record] : records_) sorted.push_back(record);
    return sorted;
  }

 private:
  std::mutex mutex_;  // Guards records_ and tickets_.
  const std::size_t records_max_;
  std::uint64_t tickets_ = 0;
  std::vector<std::pair<std::uint64_t, redis::Record>> records_;  // In any order.
};

}  // namespace sort_then_trim
