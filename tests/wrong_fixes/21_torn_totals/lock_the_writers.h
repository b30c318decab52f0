// Refused: wrong_result: the two additions are one under a mutex. The mean takes no lock, since it
// reads atomics, and looks in between.
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
    requests_.fetch_add(1);
    latency_us_.fetch_add(record.latency_us);
  }

  std::int64_t requests() const { return requests_.load(); }

  // Of all requests so far; 0 when there are none.
  std::int64_t mean_latency_us() const {
    const auto requests = requests_.load();
    return requests == 0 ? 0 : latency_us_.load() / requests;
  }

 private:
  std::mutex mutex_;  // Guards the additions.
  std::atomic<std::int64_t> requests_ = 0;
  std::atomic<std::int64_t> latency_us_ = 0;  // Of all of them.
};

}  // namespace torn_totals
