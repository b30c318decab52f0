// Refused: race: the stats lock themselves, and find() copies them. The copy is made without the
// lock of what it copies: a copy constructor cannot take what it leaves out.
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

// What the screen shows of a key, under a mutex of its own.
class Stats {
 public:
  Stats() = default;
  Stats(const Stats& other)  // A mutex cannot be copied.
      : requests_(other.requests_), latency_us_(other.latency_us_), commands_(other.commands_) {}

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
  void add(const redis::Record& record) { entry(record.key)->add(record); }

  std::optional<Stats> find(const std::string& key) const {
    const auto stats = look_up(key);
    if (!stats) return std::nullopt;
    return std::optional<Stats>(*stats);
  }

 private:
  std::shared_ptr<Stats> entry(const std::string& key) {
    const std::lock_guard lock(mutex_);
    auto& stats = stats_[key];
    if (!stats) stats = std::make_shared<Stats>();
    return stats;
  }
  std::shared_ptr<Stats> look_up(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = stats_.find(key);
    return found == stats_.end() ? nullptr : found->second;
  }

  mutable std::mutex mutex_;  // Guards stats_, not what they point to.
  std::unordered_map<std::string, std::shared_ptr<Stats>> stats_;  // By key.
};

}  // namespace escaped_reference
