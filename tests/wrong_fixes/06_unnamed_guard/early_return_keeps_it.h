// Refused: deadlock: no guards, no traps: lock() and unlock() by hand. When the record is not
// slower, add() returns in between, and the lock is never given back.
#pragma once

#include <mutex>
#include <optional>

#include "redis/record.h"

namespace unnamed_guard {

class Collector {
 public:
  void add(const redis::Record& record) {
    mutex_.lock();
    if (slowest_ && record.latency_us <= slowest_->latency_us) return;
    slowest_ = record;
    mutex_.unlock();
  }

  std::optional<redis::Record> slowest() const {
    mutex_.lock();
    auto copy = slowest_;
    mutex_.unlock();
    return copy;
  }

 private:
  mutable std::mutex mutex_;  // Guards slowest_.
  std::optional<redis::Record> slowest_;
};

}  // namespace unnamed_guard
