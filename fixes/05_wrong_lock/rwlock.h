// One read-write lock, on both sides, in place of one lock for reading and one for writing.
//
// Happens-before: each unlock to the next lock of mutex_ where either is exclusive, so every add()
// to every later totals(). Costs: a dearer lock for each record. It does what the two mutexes were
// meant to: readers do not wait for each other.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <shared_mutex>
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
    const std::unique_lock lock(mutex_);
    auto& totals = totals_[record.command];
    ++totals.requests;
    totals.latency_us += record.latency_us;
  }

  // Nothing before the first record of the command.
  Totals totals(const std::string& command) const {
    const std::shared_lock lock(mutex_);
    const auto found = totals_.find(command);
    return found == totals_.end() ? Totals{} : found->second;
  }

 private:
  mutable std::shared_mutex mutex_;       // Guards totals_.
  std::map<std::string, Totals> totals_;  // By command.
};

}  // namespace wrong_lock
