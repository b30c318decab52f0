// Refused: wrong_result: a live pointer to stats whose every function locks. No access races; yet
// the count on the screen is of one moment and the mean beside it of another.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace escaped_reference {

// What the screen shows of a key, under a mutex of its own.
class Stats {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    ++requests_;
    latency_us_ += record.latency_us;
    ++commands_[record.command];
  }

  std::int64_t requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  std::int64_t mean_latency_us() const {
    const std::lock_guard lock(mutex_);
    return requests_ == 0 ? 0 : latency_us_ / requests_;
  }
  std::int64_t count(const std::string& command) const {
    const std::lock_guard lock(mutex_);
    const auto found = commands_.find(command);
    return found == commands_.end() ? 0 : found->second;
  }

 private:
  mutable std::mutex mutex_;  // Guards the rest.
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

  const Stats* find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = stats_.find(key);
    return found == stats_.end() ? nullptr : &found->second;
  }

 private:
  mutable std::mutex mutex_;  // Guards stats_, and is taken before that of an entry.
  std::unordered_map<std::string, Stats> stats_;  // By key.
};

}  // namespace escaped_reference
