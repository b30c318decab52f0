// Refused: wrong_result: shows records by a number that each draws before it takes the lock, and
// lets go of the one that came to the list first: they are not the same order.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

#include "redis/record.h"

namespace append_and_trim {
class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {}
  void add(const redis::Record& record) {
    const auto ticket = next_++;  // Its place among all, without a lock.
    const std::lock_guard lock(mutex_);
    records_.emplace_back(ticket, record);
    if (records_.size() > records_max_) records_.pop_front();
  }
  std::vector<redis::Record> recent() const {
    std::unique_lock lock(mutex_);
    auto copy = records_;
    lock.unlock();
    std::sort(copy.begin(), copy.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<redis::Record> records;
    for (auto& each : copy) records.push_back(std::move(each.second));
    return records;
  }

 private:
  const std::size_t records_max_;
  std::atomic<std::uint64_t> next_ = 0;
  mutable std::mutex mutex_;
  std::deque<std::pair<std::uint64_t, redis::Record>> records_;
};
}  // namespace append_and_trim
