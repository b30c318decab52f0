// Refused: wrong_result: one lock, and for safety the totals are kept twice, once for each side;
// add() fills both and totals() adds them up again.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
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
    const std::lock_guard lock(mutex_);
    for (auto* side : {&written_, &read_}) {
      auto& totals = (*side)[record.command];
      ++totals.requests;
      totals.latency_us += record.latency_us;
    }
  }

  // Nothing before the first record of the command.
  Totals totals(const std::string& command) const {
    const std::lock_guard lock(mutex_);
    Totals sum;
    for (const auto* side : {&written_, &read_}) {
      const auto found = side->find(command);
      if (found == side->end()) continue;
      sum.requests += found->second.requests;
      sum.latency_us += found->second.latency_us;
    }
    return sum;
  }

 private:
  mutable std::mutex mutex_;  // Guards written_ and read_.
  std::map<std::string, Totals> written_;
  std::map<std::string, Totals> read_;
};

}  // namespace wrong_lock
