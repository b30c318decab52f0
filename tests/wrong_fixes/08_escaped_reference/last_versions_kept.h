// Refused: race: find() returns a pointer to a version that nobody writes, and a key's last two
// versions are kept. The second record from now is written over the one that is being read.
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
    auto& versions = versions_[record.key];
    auto next = versions.ring[versions.made % kKept];
    next.add(record);
    versions.ring[++versions.made % kKept] = next;
  }

  const Stats* find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = versions_.find(key);
    if (found == versions_.end()) return nullptr;
    return &found->second.ring[found->second.made % kKept];
  }

 private:
  static constexpr std::size_t kKept = 2;
  struct Versions {
    std::array<Stats, kKept> ring;
    std::size_t made = 0;
  };

  mutable std::mutex mutex_;                            // Guards versions_.
  std::unordered_map<std::string, Versions> versions_;  // By key.
};

}  // namespace escaped_reference
