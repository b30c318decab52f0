// Refused: wrong_result: a pair that never changes, replaced as a whole, so that no reader sees
// half of one. Two writers copy the same pair, and the second replaces what the first has made.
#pragma once

#include <cstdint>
#include <memory>

#include "redis/record.h"

namespace torn_totals {

class Collector {
 public:
  void add(const redis::Record& record) {
    const auto totals = std::atomic_load(&totals_);
    std::atomic_store(&totals_, std::make_shared<const Totals>(Totals{
                                    totals->requests + 1, totals->latency_us + record.latency_us}));
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
