// The collector keeps the slowest request for the screen, and each function makes a guard. It has
// no name, so it is a temporary, and its lock is gone at the semicolon. No compiler warns. Go has
// no such trap; C++ code bases have had it for as long as they have had guards.
//
// Fault: data race: write in add() against add(), on slowest_.
#pragma once

#include <mutex>
#include <optional>

#include "redis/record.h"

namespace unnamed_guard {

class Collector {
 public:
  void add(const redis::Record& record) {
    std::lock_guard{mutex_};
    if (!slowest_ || record.latency_us > slowest_->latency_us) slowest_ = record;
  }

  std::optional<redis::Record> slowest() const {
    std::lock_guard{mutex_};
    return slowest_;
  }

 private:
  mutable std::mutex mutex_;  // Guards slowest_.
  std::optional<redis::Record> slowest_;
};

}  // namespace unnamed_guard
