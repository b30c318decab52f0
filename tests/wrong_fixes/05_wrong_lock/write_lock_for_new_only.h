// Refused: race: the right lock, taken alone for a new command, and not at all for a known one: its
// totals "stay where they are in a map".
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
    const auto known = totals_.find(record.command);
    if (known != totals_.end()) {
      ++known->second.requests;
      known->second.latency_us += record.latency_us;
      return;
    }
    const std::lock_guard lock(mutex_);
    totals_[record.command] = {1, record.latency_us};
  }

  // Nothing before the first record of the command.
  Totals totals(const std::string& command) const {
    const std::lock_guard lock(mutex_);
    const auto found = totals_.find(command);
    return found == totals_.end() ? Totals{} : found->second;
  }

 private:
  mutable std::mutex mutex_;              // Guards totals_.
  std::map<std::string, Totals> totals_;  // By command.
};

}  // namespace wrong_lock
