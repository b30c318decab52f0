// Both totals in one word: one addition changes both, one load reads both. No lock, and nobody
// waits.
//
// Happens-before: none is needed. There is one atomic object, all threads agree on the order of its
// changes, and nothing else is published by it; so relaxed would do as well.
// Costs: room. 24 bits hold sixteen million requests and 40 bits twelve days of latency in all;
// beyond either, the totals are wrong without a word. Use it where a bound is known, or reset it.
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

  std::int64_t requests() const { return requests_of(totals_.load()); }

  // Of all requests so far; 0 when there are none.
  std::int64_t mean_latency_us() const {
    const auto totals = totals_.load();  // Once: two loads would be two moments.
    const auto requests = requests_of(totals);
    return requests == 0 ? 0 : static_cast<std::int64_t>(totals % kOneRequest) / requests;
  }

 private:
  static constexpr std::uint64_t kOneRequest = std::uint64_t{1} << 40;

  static std::int64_t requests_of(std::uint64_t totals) {
    return static_cast<std::int64_t>(totals / kOneRequest);
  }

  std::atomic<std::uint64_t> totals_ = 0;  // The requests above, their latency below.
};

}  // namespace torn_totals
