// A read-write lock: adding takes it alone, queries share it.
//
// Happens-before: each unlock to the next lock of mutex_ where either is exclusive, so the whole of
// every add() to every later mean.
// Costs: the dearer lock, and nearly all calls write. Two screens need not wait for each other for
// the length of a division.
#pragma once

#include <cstdint>
#include <mutex>
#include <shared_mutex>

#include "redis/record.h"

namespace torn_totals {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::unique_lock lock(mutex_);
    ++requests_;
    latency_us_ += record.latency_us;
  }

  std::int64_t requests() const {
    const std::shared_lock lock(mutex_);
    return requests_;
  }

  // Of all requests so far; 0 when there are none.
  std::int64_t mean_latency_us() const {
    const std::shared_lock lock(mutex_);
    return requests_ == 0 ? 0 : latency_us_ / requests_;
  }

 private:
  mutable std::shared_mutex mutex_;  // Guards requests_ and latency_us_.
  std::int64_t requests_ = 0;
  std::int64_t latency_us_ = 0;  // Of all of them.
};

}  // namespace torn_totals
