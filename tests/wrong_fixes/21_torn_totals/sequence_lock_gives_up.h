// Refused: wrong_result: a sequence lock of atomics, right but for its patience: after a hundred
// tries it takes what it has read, torn or not.
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
    ++version_;
    ++requests_;
    latency_us_ += record.latency_us;
    ++version_;
  }

  std::int64_t requests() const { return totals().requests; }

  // Of all requests so far; 0 when there are none.
  std::int64_t mean_latency_us() const {
    const auto [requests, latency_us] = totals();
    return requests == 0 ? 0 : latency_us / requests;
  }

 private:
  static constexpr int kTriesMax = 100;
  struct Totals {
    std::int64_t requests;
    std::int64_t latency_us;
  };

  Totals totals() const {
    Totals totals{};
    for (int tries = 0; tries < kTriesMax; ++tries) {
      const auto version = version_.load();
      totals = {requests_, latency_us_};
      if (version % 2 == 0 && version_ == version) break;
    }
    return totals;
  }

  std::mutex mutex_;                        // One writer at a time.
  std::atomic<std::uint64_t> version_ = 0;  // Odd while a writer is at it.
  std::atomic<std::int64_t> requests_ = 0;
  std::atomic<std::int64_t> latency_us_ = 0;  // Of all of them.
};

}  // namespace torn_totals
