// A read-write lock, each guard of it with a name.
//
// Happens-before: each unlock to the next lock of mutex_ where either is exclusive, so every add()
// to every later slowest(). Costs: a dearer lock for each record, though most records are not the
// slowest and only look.
#pragma once

#include <mutex>
#include <optional>
#include <shared_mutex>

#include "redis/record.h"

namespace unnamed_guard {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::unique_lock lock(mutex_);
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
