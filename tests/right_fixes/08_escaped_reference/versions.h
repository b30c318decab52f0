// Copy on write, a key at a time: add() replaces the stats by a new version, and find() shares the
// one that is current. Right: a version never changes once another thread can see it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
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

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    auto& current = stats_[record.key];
    auto next = current ? std::make_shared<Stats>(*current) : std::make_shared<Stats>();
    next->add(record);
    current = std::move(next);
  }

  std::shared_ptr<const Stats> find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = stats_.find(key);
    return found == stats_.end() ? nullptr : found->second;
  }

 private:
  mutable std::mutex mutex_;  // Guards stats_, not what they point to.
  std::unordered_map<std::string, std::shared_ptr<const Stats>> stats_;  // By key.
};

}  // namespace escaped_reference
