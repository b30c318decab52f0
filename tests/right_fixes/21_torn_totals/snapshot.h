// A pair that never changes, replaced as a whole by compare-and-exchange. Right: a new pair takes
// the place of no other than the one that it was made from.
#pragma once

#include <cstdint>
#include <memory>

#include "redis/record.h"

namespace torn_totals {

class Collector {
 public:
  void add(const redis::Record& record) {
    auto seen = std::atomic_load(&totals_);
    std::shared_ptr<const Totals> next;
    // A try fails only when another thread's succeeded, so some thread always gets on.
    do {
      next = std::make_shared<const Totals>(
          Totals{seen->requests + 1, seen->latency_us + record.latency_us});
    } while (!std::atomic_compare_exchange_strong(&totals_, &seen, next));
  }

  std::int64_t requests() const { return std::atomic_load(&totals_)->requests; }

  // Of all requests so far; 0 when there are none.
  std::int64_t mean_latency_us() const {
    const auto totals = std::atomic_load(&totals_);
    return totals->requests == 0 ? 0 : totals->latency_us / totals->requests;
  }

 private:
  struct Totals {
    std::int64_t requests = 0;
    std::int64_t latency_us = 0;  // Of all of them.
  };

  std::shared_ptr<const Totals> totals_ = std::make_shared<const Totals>();
};

}  // namespace torn_totals
