// One mutex around both totals, on all sides. They need not be atomic any more.
//
// Happens-before: each unlock to the next lock of mutex_, so the whole of every add() to every
// later mean. More than an edge: nobody comes between the two additions, or the two reads.
// Costs: lock and unlock a record, where two atomic additions were; readers wait, briefly.
#pragma once

#include <cstdint>
#include <mutex>

#include "redis/record.h"

namespace torn_totals {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    ++requests_;
    latency_us_ += record.latency_us;
  }

  std::int64_t requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  // Of all requests so far; 0 when there are none.
  std::int64_t mean_latency_us() const {
    const std::lock_guard lock(mutex_);
    return requests_ == 0 ? 0 : latency_us_ / requests_;
  }

 private:
  mutable std::mutex mutex_;  // Guards requests_ and latency_us_.
  std::int64_t requests_ = 0;
  std::int64_t latency_us_ = 0;  // Of all of them.
};

}  // namespace torn_totals
