// Refused: race: a helper locks and returns the guard. Both callers call it and let what it returns
// go.
#pragma once

#include <mutex>
#include <optional>

#include "redis/record.h"

namespace unnamed_guard {

class Collector {
 public:
  void add(const redis::Record& record) {
    hold();
    if (!slowest_ || record.latency_us > slowest_->latency_us) slowest_ = record;
  }

  std::optional<redis::Record> slowest() const {
    hold();
    return slowest_;
  }

 private:
  std::unique_lock<std::mutex> hold() const { return std::unique_lock(mutex_); }

  mutable std::mutex mutex_;  // Guards slowest_.
  std::optional<redis::Record> slowest_;
};

}  // namespace unnamed_guard
