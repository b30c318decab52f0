// A helper locks and returns the guard, and is marked so that throwing it away is an error. Right:
// the callers keep what it returns to their end.
#pragma once

#include <mutex>
#include <optional>

#include "redis/record.h"

namespace unnamed_guard {

class Collector {
 public:
  void add(const redis::Record& record) {
    const auto lock = hold();
    if (!slowest_ || record.latency_us > slowest_->latency_us) slowest_ = record;
  }

  std::optional<redis::Record> slowest() const {
    const auto lock = hold();
    return slowest_;
  }

 private:
  [[nodiscard]] std::unique_lock<std::mutex> hold() const { return std::unique_lock(mutex_); }

  mutable std::mutex mutex_;  // Guards slowest_.
  std::optional<redis::Record> slowest_;
};

}  // namespace unnamed_guard
