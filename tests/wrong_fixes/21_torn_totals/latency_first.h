// Refused: wrong_result: adds the latency first and the request last, and reads in the other order,
// so that "what is counted is in the sum". It is; what is in the sum need not be counted.
#pragma once

#include <atomic>
#include <cstdint>

#include "redis/record.h"

namespace torn_totals {

class Collector {
 public:
  void add(const redis::Record& record) {
    latency_us_.fetch_add(record.latency_us);
    requests_.fetch_add(1);
  }

  std::int64_t requests() const { return requests_.load(); }

  // Of all requests so far; 0 when there are none.
  std::int64_t mean_latency_us() const {
    const auto requests = requests_.load();
    return requests == 0 ? 0 : latency_us_.load() / requests;
  }

 private:
  std::atomic<std::int64_t> requests_ = 0;
  std::atomic<std::int64_t> latency_us_ = 0;  // Of all of them.
};

}  // namespace torn_totals
