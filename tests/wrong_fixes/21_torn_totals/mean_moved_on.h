// Refused: wrong_result: keeps the mean itself, atomic, and moves it by each new record. Reading it
// is one load; moving it is a load and a store, and two writers move it from the same place.
#pragma once

#include <atomic>
#include <cstdint>

#include "redis/record.h"

namespace torn_totals {

class Collector {
 public:
  void add(const redis::Record& record) {
    const auto requests = requests_.fetch_add(1) + 1;
    const auto mean = mean_latency_us_.load();
    mean_latency_us_.store(mean + (record.latency_us - mean) / requests);
  }

  std::int64_t requests() const { return requests_.load(); }

  // Of all requests so far; 0 when there are none.
  std::int64_t mean_latency_us() const { return mean_latency_us_.load(); }

 private:
  std::atomic<std::int64_t> requests_ = 0;
  std::atomic<std::int64_t> mean_latency_us_ = 0;
};

}  // namespace torn_totals
