// Guards with names: each lives to the end of its function.
//
// Happens-before: each unlock to the next lock of mutex_, so every add() to every later slowest().
// Costs: nothing beside what the racy one seems to pay: a lock and an unlock a call.
#pragma once

#include <mutex>
#include <optional>

#include "redis/record.h"

namespace unnamed_guard {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
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
