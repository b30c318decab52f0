// Refused: wrong_result: the first look at a key makes a copy and later looks get that, since "it
// is the copy that costs". It is the stats of then, for ever.
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
    stats_[record.key].add(record);
  }

  std::shared_ptr<const Stats> find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = stats_.find(key);
    if (found == stats_.end()) return nullptr;
    auto& copy = copies_[key];
    if (!copy) copy = std::make_shared<const Stats>(found->second);
    return copy;
  }

 private:
  mutable std::mutex mutex_;                      // Guards stats_ and copies_.
  std::unordered_map<std::string, Stats> stats_;  // By key.
  mutable std::unordered_map<std::string, std::shared_ptr<const Stats>> copies_;  // By key.
};

}  // namespace escaped_reference
