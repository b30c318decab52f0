// Nothing is sent: a capture thread counts its record itself, under a lock, before it goes on. When
// add() returns, nobody looks at the record any more.
//
// Happens-before: each unlock to the next lock of mutex_, so every add() to every later counts().
// Costs: capture threads count, which was the appender's work, and wait for each other and for
// whoever copies the counts.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>

#include "redis/record.h"

namespace send_then_touch {

using Counts = std::map<std::string, std::size_t>;  // Records by key.

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    ++counts_[record.key];
  }

  Counts counts() const {
    const std::lock_guard lock(mutex_);
    return counts_;
  }

 private:
  mutable std::mutex mutex_;  // Guards counts_.
  Counts counts_;
};

}  // namespace send_then_touch
