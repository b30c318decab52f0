// Refused: race: a copy leaves the lock, made under the lock. Yet the map inside is behind a
// pointer, to make copies cheap, and the copy's is the original's. In Kyanos a map is always so.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace escaped_reference {

// What the screen shows of a key. Cheap to copy: the commands are shared.
class Stats {
 public:
  void add(const redis::Record& record) {
    ++requests_;
    latency_us_ += record.latency_us;
    ++(*commands_)[record.command];
  }

  std::int64_t requests() const { return requests_; }
  std::int64_t mean_latency_us() const { return requests_ == 0 ? 0 : latency_us_ / requests_; }
  std::int64_t count(const std::string& command) const {
    const auto found = commands_->find(command);
    return found == commands_->end() ? 0 : found->second;
  }

 private:
  using Commands = std::map<std::string, std::int64_t>;

  std::int64_t requests_ = 0;
  std::int64_t latency_us_ = 0;  // Of all of them.
  std::shared_ptr<Commands> commands_ = std::make_shared<Commands>();
};

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    stats_[record.key].add(record);
  }

  std::optional<Stats> find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = stats_.find(key);
    if (found == stats_.end()) return std::nullopt;
    return found->second;
  }

 private:
  mutable std::mutex mutex_;                      // Guards stats_.
  std::unordered_map<std::string, Stats> stats_;  // By key.
};

}  // namespace escaped_reference
