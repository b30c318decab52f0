// Writers take both mutexes, the reader only its own. Right: a writer and a reader have the read
// mutex in common, and two writers both.
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
    const std::lock_guard lock(read_mutex_);
    const auto found = totals_.find(command);
    return found == totals_.end() ? Totals{} : found->second;
  }

 private:
  std::mutex write_mutex_;
  mutable std::mutex read_mutex_;         // Guards totals_.
  std::map<std::string, Totals> totals_;  // By command.
};

}  // namespace wrong_lock
