// Refused: wrong_result: named guards, and while at it the condition was tidied away.
#pragma once

#include <mutex>
#include <optional>

#include "redis/record.h"

namespace unnamed_guard {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    slowest_ = record;
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
