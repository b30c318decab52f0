// Refused: wrong_result: an atomic holds the highest latency, so that most records need no lock.
// Who won there need not be the last to store its record.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>

#include "redis/record.h"

namespace unnamed_guard {

class Collector {
 public:
  void add(const redis::Record& record) {
    auto highest = highest_us_.load();
    while (record.latency_us > highest) {
      if (highest_us_.compare_exchange_weak(highest, record.latency_us)) {
        const std::lock_guard lock(mutex_);
        slowest_ = record;
        return;
      }
    }
  }

  std::optional<redis::Record> slowest() const {
    const std::lock_guard lock(mutex_);
    return slowest_;
  }

 private:
  mutable std::mutex mutex_;  // Guards slowest_.
  std::optional<redis::Record> slowest_;
  std::atomic<std::int64_t> highest_us_ = -1;
};

}  // namespace unnamed_guard
