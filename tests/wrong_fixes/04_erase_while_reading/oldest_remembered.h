// Refused: wrong_result: a sweep that finds nothing old enough is saved, by the oldest time; what
// arrives during a sweep is forgotten by that time.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "redis/record.h"

namespace erase_while_reading {
class Collector {
 public:
  void add(const redis::Record& record) {
    {
      const std::lock_guard lock(mutex_);
      latest_[record.connection] = record;
    }
    auto oldest = oldest_us_.load();
    while (record.start_us < oldest && !oldest_us_.compare_exchange_weak(oldest, record.start_us)) {
    }
  }
  void sweep(std::int64_t oldest_us) {
    if (oldest_us_.load() >= oldest_us) return;  // Nothing to do, and no lock taken.
    {
      const std::lock_guard lock(mutex_);
      std::erase_if(latest_, [=](const auto& entry) { return entry.second.start_us < oldest_us; });
    }
    oldest_us_.store(oldest_us);
  }
  std::vector<redis::Record> active() const {
    const std::lock_guard lock(mutex_);
    std::vector<redis::Record> records;
    for (const auto& [connection, record] : latest_) records.push_back(record);
    return records;
  }

 private:
  std::atomic<std::int64_t> oldest_us_ = INT64_MAX;  // No record began before.
  mutable std::mutex mutex_;
  std::unordered_map<std::uint32_t, redis::Record> latest_;
};
}  // namespace erase_while_reading
