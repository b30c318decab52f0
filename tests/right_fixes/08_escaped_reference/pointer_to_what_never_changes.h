// find() returns a plain pointer, as the racy one does. Right: it points to a version that nobody
// writes any more, and that lives as long as the collector. Memory grows with every record.
#pragma once

#include <cstdint>
#include <deque>
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

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    auto& current = current_[record.key];
    auto next = current ? *current : Stats();
    next.add(record);
    current = &versions_.emplace_back(std::move(next));
  }

  const Stats* find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = current_.find(key);
    return found == current_.end() ? nullptr : found->second;
  }

 private:
  mutable std::mutex mutex_;  // Guards current_ and versions_, not the versions in it.
  std::unordered_map<std::string, const Stats*> current_;  // By key.
  std::deque<Stats> versions_;                             // Its elements never move.
};

}  // namespace escaped_reference
