// Refused: wrong_result: call_once runs in one thread alone, which is what a guard is for. It runs
// but once, for the first record.
#pragma once

#include <mutex>
#include <optional>

#include "redis/record.h"

namespace unnamed_guard {

class Collector {
 public:
  void add(const redis::Record& record) {
    std::call_once(once_, [&] {
      const std::lock_guard lock(mutex_);
      slowest_ = record;
    });
  }

  std::optional<redis::Record> slowest() const {
    const std::lock_guard lock(mutex_);
    return slowest_;
  }

 private:
  std::once_flag once_;
  mutable std::mutex mutex_;  // Guards slowest_.
  std::optional<redis::Record> slowest_;
};

}  // namespace unnamed_guard
