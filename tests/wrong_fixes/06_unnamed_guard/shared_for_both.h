// Refused: race: named guards, of a read-write lock, and shared on both sides.
#pragma once

#include <mutex>
#include <optional>
#include <shared_mutex>

#include "redis/record.h"

namespace unnamed_guard {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::shared_lock lock(mutex_);
    if (!slowest_ || record.latency_us > slowest_->latency_us) slowest_ = record;
  }

  std::optional<redis::Record> slowest() const {
    const std::shared_lock lock(mutex_);
    return slowest_;
  }

 private:
  mutable std::shared_mutex mutex_;  // Guards slowest_.
  std::optional<redis::Record> slowest_;
};

}  // namespace unnamed_guard
