// Refused: race: readers only read, so they share a read-write lock, and "a pointer to const cannot
// do harm". The writer changes what it points to all the same.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <shared_mutex>
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
    const std::unique_lock lock(mutex_);
    stats_[record.key].add(record);
  }

  const Stats* find(const std::string& key) const {
    const std::shared_lock lock(mutex_);
    const auto found = stats_.find(key);
    return found == stats_.end() ? nullptr : &found->second;
  }

 private:
  mutable std::shared_mutex mutex_;               // Guards stats_.
  std::unordered_map<std::string, Stats> stats_;  // By key.
};

}  // namespace escaped_reference
