// Both sides take both mutexes, with scoped_lock, which cannot deadlock. Right, if needlessly dear:
// any two calls have a mutex in common.
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
    const std::scoped_lock lock(write_mutex_, read_mutex_);
    auto& totals = totals_[record.command];
    ++totals.requests;
    totals.latency_us += record.latency_us;
  }

  // Nothing before the first record of the command.
  Totals totals(const std::string& command) const {
    const std::scoped_lock lock(read_mutex_, write_mutex_);
    const auto found = totals_.find(command);
    return found == totals_.end() ? Totals{} : found->second;
  }

 private:
  mutable std::mutex write_mutex_;  // Guards totals_, together with read_mutex_.
  mutable std::mutex read_mutex_;
  std::map<std::string, Totals> totals_;  // By command.
};

}  // namespace wrong_lock
