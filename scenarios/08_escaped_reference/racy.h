// The screen asks for the stats of a key. find() takes the lock, looks the key up, and returns a
// pointer to the stats. The lock ends there; the pointer does not. Kyanos handed out live pointers
// to its stats in this way, and copied records whose inner map stayed shared.
//
// Fault: data race: write in add() against read in mean_latency_us(), on requests_.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace escaped_reference {

// What the screen shows of a key.
class Stats {
 public:
  void add(const redis::Record& record) {
    ++requests_;
    latency_us_ += record.latency_us;
    ++commands_[record.command];
  }

  std::int64_t requests() const { return requests_; }
  std::int64_t mean_latency_us() const { return requests_ == 0 ? 0 : latency_us_ / requests_; }
  std::int64_t count(const std::string& command) const {
    const auto found = commands_.find(command);
    return found == commands_.end() ? 0 : found->second;
  }

 private:
  std::int64_t requests_ = 0;
  std::int64_t latency_us_ = 0;  // Of all of them.
  std::map<std::string, std::int64_t> commands_;
};

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    stats_[record.key].add(record);
  }

  // The stats of the key as they are now; null when it never came.
  const Stats* find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = stats_.find(key);
    if (found == stats_.end()) return nullptr;
    return &found->second;
  }

 private:
  mutable std::mutex mutex_;                      // Guards stats_.
  std::unordered_map<std::string, Stats> stats_;  // By key.
};

}  // namespace escaped_reference
