// Refused: wrong_result: who looked in vain notes that the key is missing after it may have come.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "redis/record.h"

namespace escaped_reference {

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
    {
      const std::lock_guard lock(missing_mutex_);
      missing_.erase(record.key);
    }
    const std::lock_guard lock(mutex_);
    stats_[record.key].add(record);
  }
  std::optional<Stats> find(const std::string& key) const {
    {
      const std::lock_guard lock(missing_mutex_);
      if (missing_.contains(key)) return std::nullopt;
    }
    {
      const std::lock_guard lock(mutex_);
      const auto found = stats_.find(key);
      if (found != stats_.end()) return found->second;
    }
    const std::lock_guard lock(missing_mutex_);
    missing_.insert(key);
    return std::nullopt;
  }

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Stats> stats_;
  mutable std::mutex missing_mutex_;
  mutable std::unordered_set<std::string> missing_;
};

}  // namespace escaped_reference
