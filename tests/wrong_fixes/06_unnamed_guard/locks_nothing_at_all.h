// Refused: race: scoped_lock takes any number of mutexes; here it has a name and was given
// none. The compiler's warning that it is unused was silenced.
#pragma once

#include <mutex>
#include <optional>

#include "redis/record.h"

namespace unnamed_guard {

class Collector {
 public:
  void add(const redis::Record& record) {
    [[maybe_unused]] const std::scoped_lock lock;
    if (!slowest_ || record.latency_us > slowest_->latency_us) slowest_ = record;
  }

  std::optional<redis::Record> slowest() const {
    [[maybe_unused]] const std::scoped_lock lock;
    return slowest_;
  }

 private:
  mutable std::mutex mutex_;  // Guards slowest_.
  std::optional<redis::Record> slowest_;
};

}  // namespace unnamed_guard
