// The writer works the mean out, under its lock, and readers load it. Right: the screen's number is
// one atomic word, and only who holds both totals stores it.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

#include "redis/record.h"

namespace torn_totals {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    latency_us_ += record.latency_us;
    requests_.store(requests_.load() + 1);
    mean_latency_us_.store(latency_us_ / requests_.load());
  }

  std::int64_t requests() const { return requests_.load(); }

  // Of all requests so far; 0 when there are none.
  std::int64_t mean_latency_us() const { return mean_latency_us_.load(); }

 private:
  std::mutex mutex_;             // Guards latency_us_, and the stores to the others.
  std::int64_t latency_us_ = 0;  // Of all requests.
  std::atomic<std::int64_t> requests_ = 0;
  std::atomic<std::int64_t> mean_latency_us_ = 0;
};

}  // namespace torn_totals
