// Refused: wrong_result: both totals under one lock, which is not taken when there is nothing to
// add. A request that took less than a microsecond is one all the same.
#pragma once

#include <cstdint>
#include <mutex>

#include "redis/record.h"

namespace torn_totals {

class Collector {
 public:
  void add(const redis::Record& record) {
    if (record.latency_us == 0) return;
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
  mutable std::mutex mutex_;  // Guards all below.
  std::int64_t requests_ = 0;
  std::int64_t latency_us_ = 0;  // Of all of them.
};

}  // namespace torn_totals
