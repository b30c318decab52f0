// A sequence lock with atomics inside, and a lock to fall back on. Right: a reader keeps what it
// read only when no writer was at it, and the totals are atomic, so reading them early harms
// nobody.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

#include "redis/record.h"

namespace torn_totals {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard one_writer(mutex_);
    version_.fetch_add(1);
    requests_.fetch_add(1);
    latency_us_.fetch_add(record.latency_us);
    version_.fetch_add(1);
  }

  std::int64_t requests() const { return requests_.load(); }

  // Of all requests so far; 0 when there are none.
  std::int64_t mean_latency_us() const {
    for (int tries = 0; tries < kTriesMax; ++tries) {
      const auto version = version_.load();
      const auto mean = mean_now();
      if (version % 2 == 0 && version_.load() == version) return mean;
    }
    const std::lock_guard no_writer(mutex_);
    return mean_now();
  }

 private:
  static constexpr int kTriesMax = 3;

  std::int64_t mean_now() const {
    const auto requests = requests_.load();
    return requests == 0 ? 0 : latency_us_.load() / requests;
  }

  mutable std::mutex mutex_;                // One writer at a time.
  std::atomic<std::uint64_t> version_ = 0;  // Odd while a writer is at it.
  std::atomic<std::int64_t> requests_ = 0;
  std::atomic<std::int64_t> latency_us_ = 0;  // Of all of them.
};

}  // namespace torn_totals
