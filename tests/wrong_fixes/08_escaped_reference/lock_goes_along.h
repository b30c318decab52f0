// Refused: deadlock: what find() returns holds the lock until it dies, so nobody writes meanwhile.
// Who adds, or looks again, while holding what they found, waits for themselves.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

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

class Locked {
 public:
  Locked(std::unique_lock<std::mutex> lock, const Stats* stats)
      : lock_(std::move(lock)), stats_(stats) {}

  explicit operator bool() const { return stats_ != nullptr; }
  const Stats& operator*() const { return *stats_; }
  const Stats* operator->() const { return stats_; }

 private:
  std::unique_lock<std::mutex> lock_;
  const Stats* stats_;
};

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    stats_[record.key].add(record);
  }

  Locked find(const std::string& key) const {
    std::unique_lock lock(mutex_);
    const auto found = stats_.find(key);
    return {std::move(lock), found == stats_.end() ? nullptr : &found->second};
  }

 private:
  mutable std::mutex mutex_;                      // Guards stats_.
  std::unordered_map<std::string, Stats> stats_;  // By key.
};

}  // namespace escaped_reference
