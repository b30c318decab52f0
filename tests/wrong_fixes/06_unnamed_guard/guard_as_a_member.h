// Refused: race: the guard has a name and lives as long as the collector, as a member. It is held
// by whoever made the collector; all others walk past it.
#pragma once

#include <mutex>
#include <optional>

#include "redis/record.h"

namespace unnamed_guard {

class Collector {
 public:
  void add(const redis::Record& record) {
    if (!slowest_ || record.latency_us > slowest_->latency_us) slowest_ = record;
  }

  std::optional<redis::Record> slowest() const { return slowest_; }

 private:
  std::mutex mutex_;  // Guards slowest_.
  const std::lock_guard<std::mutex> lock_{mutex_};
  std::optional<redis::Record> slowest_;
};

}  // namespace unnamed_guard
