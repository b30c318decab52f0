// Refused: wrong_result: both totals in one atomic word, half of it for each. Nothing is torn; but
// 32 bits of microseconds are 71 minutes, and what waits in Redis can wait for longer.
#pragma once

#include <atomic>
#include <cstdint>

#include "redis/record.h"

namespace torn_totals {

class Collector {
 public:
  void add(const redis::Record& record) {
    totals_.fetch_add(kOneRequest + static_cast<std::uint64_t>(record.latency_us));
  }

  std::int64_t requests() const { return static_cast<std::int64_t>(totals_.load() / kOneRequest); }

  // Of all requests so far; 0 when there are none.
  std::int64_t mean_latency_us() const {
    const auto totals = totals_.load();
    const auto requests = totals / kOneRequest;
    return static_cast<std::int64_t>(requests == 0 ? 0 : totals % kOneRequest / requests);
  }

 private:
  static constexpr std::uint64_t kOneRequest = std::uint64_t{1} << 32;

  std::atomic<std::uint64_t> totals_ = 0;  // The requests above, their latency below.
};

}  // namespace torn_totals
