// Nothing is sent: capture threads count under a read-write lock, and those who copy the counts
// share it.
//
// Happens-before: each unlock to the next lock of mutex_ where either is exclusive, so every add()
// to every later counts() and to the next add().
// Costs: dearer than a mutex for add(), and all calls but a few are add(). It pays once several
// readers copy counts that are large.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "redis/record.h"

namespace send_then_touch {

using Counts = std::map<std::string, std::size_t>;  // Records by key.

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::unique_lock lock(mutex_);
    ++counts_[record.key];
  }

  Counts counts() const {
    const std::shared_lock lock(mutex_);
    return counts_;
  }

 private:
  mutable std::shared_mutex mutex_;  // Guards counts_.
  Counts counts_;
};

}  // namespace send_then_touch
