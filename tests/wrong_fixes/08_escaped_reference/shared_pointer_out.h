// Refused: race: a shared_ptr, so that nobody holds a pointer to stats that are gone. It keeps the
// stats alive; it keeps nobody from writing them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
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
    auto& stats = stats_[record.key];
    if (!stats) stats = std::make_shared<Stats>();
    stats->add(record);
  }

  std::shared_ptr<const Stats> find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = stats_.find(key);
    if (found == stats_.end()) return nullptr;
    return found->second;
  }

 private:
  mutable std::mutex mutex_;  // Guards stats_, not what they point to.
  std::unordered_map<std::string, std::shared_ptr<Stats>> stats_;  // By key.
};

}  // namespace escaped_reference
