// One mutex for all collectors of the process. Right, though collectors wait for each other:
// whoever touches totals_ holds the same lock.
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
    auto& totals = totals_[record.command];
    ++totals.requests;
    totals.latency_us += record.latency_us;
  }

  // Nothing before the first record of the command.
  Totals totals(const std::string& command) const {
    const std::lock_guard lock(mutex_);
    const auto found = totals_.find(command);
    return found == totals_.end() ? Totals{} : found->second;
  }

 private:
  static inline std::mutex mutex_;        // Guards totals_ of every collector.
  std::map<std::string, Totals> totals_;  // By command.
};

}  // namespace wrong_lock
