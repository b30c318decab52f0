// A read-write lock, held alone to add and shared while a copy is made.
//
// Happens-before: each unlock to the next lock of mutex_ where either is exclusive, so every add()
// to the copy that find() makes of what it added to.
// Costs: the dearer lock, for readers that copy side by side. It would not help without the copy: a
// pointer escapes a shared lock as it does any other.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
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

  // The stats of the key as they are now; none when it never came.
  std::optional<Stats> find(const std::string& key) const {
    const std::shared_lock lock(mutex_);
    const auto found = stats_.find(key);
    if (found == stats_.end()) return std::nullopt;
    return found->second;
  }

 private:
  mutable std::shared_mutex mutex_;               // Guards stats_.
  std::unordered_map<std::string, Stats> stats_;  // By key.
};

}  // namespace escaped_reference
