// Refused: wrong_result: a pointer to a copy, which the collector keeps as long as there are not
// too many of them. Who holds what he found for long holds nothing.
#pragma once

#include <array>
#include <cstddef>
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
    auto& kept = kept_[looks_++ % kept_.size()];
    kept = found->second;
    return &kept;
  }

 private:
  mutable std::mutex mutex_;                      // Guards all below.
  std::unordered_map<std::string, Stats> stats_;  // By key.
  mutable std::array<Stats, 1'000> kept_;         // What was found last, by look.
  mutable std::size_t looks_ = 0;
};

}  // namespace escaped_reference
