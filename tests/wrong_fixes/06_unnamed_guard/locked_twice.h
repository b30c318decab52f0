// Refused: deadlock: a named guard, and a lock() to be sure that it holds. It holds already: the
// second lock() would wait for its own thread for ever, and std::unique_lock throws instead.
#pragma once

#include <mutex>
#include <optional>

#include "redis/record.h"

namespace unnamed_guard {

class Collector {
 public:
  void add(const redis::Record& record) {
    std::unique_lock lock(mutex_);
    lock.lock();
    if (!slowest_ || record.latency_us > slowest_->latency_us) slowest_ = record;
  }

  std::optional<redis::Record> slowest() const {
    const std::lock_guard lock(mutex_);
    return slowest_;
  }

 private:
  mutable std::mutex mutex_;  // Guards slowest_.
  std::optional<redis::Record> slowest_;
};

}  // namespace unnamed_guard
