// One mutex, on both sides: a lock orders only those who take the same one.
//
// Happens-before: each unlock to the next lock of mutex_, so every add() to every later totals().
// Costs: readers wait for writers; that is what the second mutex was meant to spare them, and could
// not.
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
  mutable std::mutex mutex_;              // Guards totals_.
  std::map<std::string, Totals> totals_;  // By command.
};

}  // namespace wrong_lock
