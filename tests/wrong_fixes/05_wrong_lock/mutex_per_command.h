// Refused: race: a mutex for each command, so that GETs do not wait for SETs. It guards the
// command's totals; the map that all of them live in has none.
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
    auto& guarded = totals_[record.command];
    const std::lock_guard lock(guarded.mutex);
    ++guarded.totals.requests;
    guarded.totals.latency_us += record.latency_us;
  }

  // Nothing before the first record of the command.
  Totals totals(const std::string& command) const {
    const auto found = totals_.find(command);
    if (found == totals_.end()) return {};
    const std::lock_guard lock(found->second.mutex);
    return found->second.totals;
  }

 private:
  struct Guarded {
    mutable std::mutex mutex;  // Guards totals.
    Totals totals;
  };

  std::map<std::string, Guarded> totals_;  // By command.
};

}  // namespace wrong_lock
