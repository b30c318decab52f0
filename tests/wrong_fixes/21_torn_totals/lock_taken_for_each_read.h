// Refused: wrong_result: one mutex on all sides. But the mean asks two functions that lock, one
// after the other, and add() has time in between.
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
    const auto requests = this->requests();
    return requests == 0 ? 0 : latency_us() / requests;
  }

 private:
  std::int64_t latency_us() const {
    const std::lock_guard lock(mutex_);
    return latency_us_;
  }

  mutable std::mutex mutex_;  // Guards requests_ and latency_us_.
  std::int64_t requests_ = 0;
  std::int64_t latency_us_ = 0;  // Of all of them.
};

}  // namespace torn_totals
