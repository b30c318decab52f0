// Refused: race: with atomic totals neither side needs a lock, it seems. The map around them is as
// bare as before.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>

#include "redis/record.h"

namespace wrong_lock {

struct Totals {
  std::uint64_t requests = 0;
  std::int64_t latency_us = 0;

  friend bool operator==(const Totals&, const Totals&) = default;
};

class Collector {
 public:
  void add(const redis::Record& record) {
    auto& totals = totals_[record.command];
    totals.requests.fetch_add(1);
    totals.latency_us.fetch_add(record.latency_us);
  }

  // Nothing before the first record of the command.
  Totals totals(const std::string& command) const {
    const auto found = totals_.find(command);
    if (found == totals_.end()) return {};
    return {found->second.requests.load(), found->second.latency_us.load()};
  }

 private:
  struct AtomicTotals {
    std::atomic<std::uint64_t> requests = 0;
    std::atomic<std::int64_t> latency_us = 0;
  };

  std::map<std::string, AtomicTotals> totals_;  // By command.
};

}  // namespace wrong_lock
