// One mutex around both totals: whoever touches them holds it.
//
// Happens-before: each unlock to the next lock of mutex_, so every add() to every later query.
// Costs: every record of every thread passes through one lock, and readers wait there too.
#pragma once

#include <cstdint>
#include <mutex>

#include "redis/record.h"

namespace lost_count {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    ++records_;
    bytes_ += record.request_bytes + record.response_bytes;
  }

  std::uint64_t records() const {
    const std::lock_guard lock(mutex_);
    return records_;
  }

  std::uint64_t bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
  }

 private:
  mutable std::mutex mutex_;  // Guards records_ and bytes_.
  std::uint64_t records_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace lost_count
