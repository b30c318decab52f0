// Capture threads count requests and add up their latencies; the screen shows the mean. Both totals
// are atomic, so none is ever lost or half written. The mean takes two: what it finds of the one
// and of the other may be of two moments.
//
// Fault: wrong result: mean_latency_us() against add(), on requests_, torn from latency_us_.
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
    const auto requests = requests_.load();
    return requests == 0 ? 0 : latency_us_.load() / requests;
  }

 private:
  std::atomic<std::int64_t> requests_ = 0;
  std::atomic<std::int64_t> latency_us_ = 0;  // Of all of them.
};

}  // namespace torn_totals
