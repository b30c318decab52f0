// Refused: wrong_result: requests under one mutex and latencies under another, both taken by both
// sides. No access is unguarded; the two halves are read at two moments.
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
    {
      const std::lock_guard lock(requests_mutex_);
      ++requests_[record.command];
    }
    const std::lock_guard lock(latency_mutex_);
    latency_us_[record.command] += record.latency_us;
  }

  // Nothing before the first record of the command.
  Totals totals(const std::string& command) const {
    Totals totals;
    {
      const std::lock_guard lock(requests_mutex_);
      const auto found = requests_.find(command);
      if (found != requests_.end()) totals.requests = found->second;
    }
    const std::lock_guard lock(latency_mutex_);
    const auto found = latency_us_.find(command);
    if (found != latency_us_.end()) totals.latency_us = found->second;
    return totals;
  }

 private:
  mutable std::mutex requests_mutex_;               // Guards requests_.
  std::map<std::string, std::uint64_t> requests_;   // By command.
  mutable std::mutex latency_mutex_;                // Guards latency_us_.
  std::map<std::string, std::int64_t> latency_us_;  // By command.
};

}  // namespace wrong_lock
