// A read-write lock the other way about: capture threads share it to add to the atomics, and who
// wants the mean takes it alone. Right: then nobody is between two additions.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <shared_mutex>

#include "redis/record.h"

namespace torn_totals {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::shared_lock lock(mutex_);
    requests_.fetch_add(1);
    latency_us_.fetch_add(record.latency_us);
  }

  std::int64_t requests() const { return requests_.load(); }

  // Of all requests so far; 0 when there are none.
  std::int64_t mean_latency_us() const {
    const std::unique_lock lock(mutex_);
    const auto requests = requests_.load();
    return requests == 0 ? 0 : latency_us_.load() / requests;
  }

 private:
  mutable std::shared_mutex mutex_;  // Held alone: the totals agree.
  std::atomic<std::int64_t> requests_ = 0;
  std::atomic<std::int64_t> latency_us_ = 0;  // Of all of them.
};

}  // namespace torn_totals
