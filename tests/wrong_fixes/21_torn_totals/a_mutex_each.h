// Refused: wrong_result: a mutex for each total, "for the smallest scope". Each total is safe, as
// it was when it was atomic; the two of them are not one.
#pragma once

#include <cstdint>
#include <mutex>

#include "redis/record.h"

namespace torn_totals {

class Collector {
 public:
  void add(const redis::Record& record) {
    {
      const std::lock_guard lock(requests_mutex_);
      ++requests_;
    }
    const std::lock_guard lock(latency_mutex_);
    latency_us_ += record.latency_us;
  }

  std::int64_t requests() const {
    const std::lock_guard lock(requests_mutex_);
    return requests_;
  }

  // Of all requests so far; 0 when there are none.
  std::int64_t mean_latency_us() const {
    const auto requests = this->requests();
    const std::lock_guard lock(latency_mutex_);
    return requests == 0 ? 0 : latency_us_ / requests;
  }

 private:
  mutable std::mutex requests_mutex_;  // Guards requests_.
  mutable std::mutex latency_mutex_;   // Guards latency_us_.
  std::int64_t requests_ = 0;
  std::int64_t latency_us_ = 0;  // Of all of them.
};

}  // namespace torn_totals
