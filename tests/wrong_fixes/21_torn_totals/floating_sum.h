// Refused: wrong_result: one lock for both, and a mean is no whole number, so the sum is a float.
// That has 24 bits: beside a long wait, short ones add nothing.
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
    latency_us_ += static_cast<float>(record.latency_us);
  }

  std::int64_t requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  // Of all requests so far; 0 when there are none.
  std::int64_t mean_latency_us() const {
    const std::lock_guard lock(mutex_);
    if (requests_ == 0) return 0;
    return static_cast<std::int64_t>(latency_us_ / static_cast<float>(requests_));
  }

 private:
  mutable std::mutex mutex_;  // Guards all below.
  std::int64_t requests_ = 0;
  float latency_us_ = 0;  // Of all of them.
};

}  // namespace torn_totals
