// Refused: race: the lock is taken in a lambda, with a name and to the end: of the lambda.
#pragma once

#include <mutex>
#include <optional>

#include "redis/record.h"

namespace unnamed_guard {

class Collector {
 public:
  void add(const redis::Record& record) {
    const auto locked = [this] { const std::lock_guard lock(mutex_); };
    locked();
    if (!slowest_ || record.latency_us > slowest_->latency_us) slowest_ = record;
  }

  std::optional<redis::Record> slowest() const {
    const auto locked = [this] { const std::lock_guard lock(mutex_); };
    locked();
    return slowest_;
  }

 private:
  mutable std::mutex mutex_;  // Guards slowest_.
  std::optional<redis::Record> slowest_;
};

}  // namespace unnamed_guard
