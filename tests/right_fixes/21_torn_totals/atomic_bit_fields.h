// Both totals in one atomic struct of eight bytes, changed by compare-and-exchange. Right: the pair
// is loaded and stored as a whole. (One of sixteen bytes would want libatomic.)
#pragma once

#include <atomic>
#include <cstdint>

#include "redis/record.h"

namespace torn_totals {

class Collector {
 public:
  void add(const redis::Record& record) {
    auto seen = totals_.load();
    Totals next;
    // A try fails only when another thread's succeeded, so some thread always gets on.
    do {
      next = seen;
      ++next.requests;
      next.latency_us += static_cast<std::uint64_t>(record.latency_us);
    } while (!totals_.compare_exchange_strong(seen, next));
  }

  std::int64_t requests() const { return totals_.load().requests; }

  // Of all requests so far; 0 when there are none.
  std::int64_t mean_latency_us() const {
    const auto totals = totals_.load();
    return totals.requests == 0 ? 0 : totals.latency_us / totals.requests;
  }

 private:
  struct Totals {
    std::uint64_t requests : 24 = 0;
    std::uint64_t latency_us : 40 = 0;  // Of all of them.
  };

  std::atomic<Totals> totals_ = Totals();
};

}  // namespace torn_totals
