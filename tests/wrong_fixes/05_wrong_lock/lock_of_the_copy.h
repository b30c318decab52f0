// Refused: race: the mutex is a member of what it guards, and the reader locks the one in a copy
// that it has made.
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
    const std::lock_guard lock(all_.mutex);
    auto& totals = all_.totals[record.command];
    ++totals.requests;
    totals.latency_us += record.latency_us;
  }

  // Nothing before the first record of the command.
  Totals totals(const std::string& command) const {
    const All all = all_;
    const std::lock_guard lock(all.mutex);
    const auto found = all.totals.find(command);
    return found == all.totals.end() ? Totals{} : found->second;
  }

 private:
  struct All {
    All() = default;
    All(const All& other) : totals(other.totals) {}  // A mutex cannot be copied.

    mutable std::mutex mutex;              // Guards totals.
    std::map<std::string, Totals> totals;  // By command.
  };

  All all_;
};

}  // namespace wrong_lock
