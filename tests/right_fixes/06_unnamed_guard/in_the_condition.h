// The guard is declared in the if's own head. Right: it lives to the end of the whole statement.
#pragma once

#include <mutex>
#include <optional>

#include "redis/record.h"

namespace unnamed_guard {

class Collector {
 public:
  void add(const redis::Record& record) {
    if (const std::lock_guard lock(mutex_); !slowest_ || record.latency_us > slowest_->latency_us) {
      slowest_ = record;
    }
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
