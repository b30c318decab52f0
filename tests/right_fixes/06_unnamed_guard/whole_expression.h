// A temporary guard on the left of a comma. Right, if hard to read: a temporary lives to the end of
// its full expression, and the access is in it.
#pragma once

#include <mutex>
#include <optional>

#include "redis/record.h"

namespace unnamed_guard {

class Collector {
 public:
  void add(const redis::Record& record) {
    static_cast<void>(std::lock_guard(mutex_)), keep(record);
  }

  std::optional<redis::Record> slowest() const { return std::lock_guard(mutex_), slowest_; }

 private:
  void keep(const redis::Record& record) {
    if (!slowest_ || record.latency_us > slowest_->latency_us) slowest_ = record;
  }

  mutable std::mutex mutex_;  // Guards slowest_.
  std::optional<redis::Record> slowest_;
};

}  // namespace unnamed_guard
