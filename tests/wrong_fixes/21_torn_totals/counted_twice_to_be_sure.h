// Refused: wrong_result: reads the count again after the sum, and starts anew when it has changed.
// A record that is counted and not yet added leaves the count alone.
#pragma once

#include <atomic>
#include <cstdint>

#include "redis/record.h"

namespace torn_totals {

class Collector {
 public:
  void add(const redis::Record& record) {
    requests_.fetch_add(1);
    latency_us_.fetch_add(record.latency_us);
  }

  std::int64_t requests() const { return requests_.load(); }

  // Of all requests so far; 0 when there are none.
  std::int64_t mean_latency_us() const {
    auto requests = requests_.load();
    auto latency_us = latency_us_.load();
    for (int tries = 0; tries < kTriesMax && requests_.load() != requests; ++tries) {
      requests = requests_.load();
      latency_us = latency_us_.load();
    }
    return requests == 0 ? 0 : latency_us / requests;
  }

 private:
  static constexpr int kTriesMax = 100;

  std::atomic<std::int64_t> requests_ = 0;
  std::atomic<std::int64_t> latency_us_ = 0;  // Of all of them.
};

}  // namespace torn_totals
