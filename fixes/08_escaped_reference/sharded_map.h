// Many small maps, each with its own lock, chosen by the key's hash. The copy is made under the
// lock of its shard.
//
// Happens-before: each unlock to the next lock of a shard's mutex, so every add() of a key to the
// copies that find() makes of its stats.
// Costs: a second hash a call. In return a long copy holds up the keys of its shard only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
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
    auto& shard = shards_[shard_of(record.key)];
    const std::lock_guard lock(shard.mutex);
    shard.stats[record.key].add(record);
  }

  // The stats of the key as they are now; none when it never came.
  std::optional<Stats> find(const std::string& key) const {
    const auto& shard = shards_[shard_of(key)];
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.stats.find(key);
    if (found == shard.stats.end()) return std::nullopt;
    return found->second;
  }

 private:
  static constexpr std::size_t kShards = 16;
  static constexpr std::size_t kCacheLine = 64;
  struct alignas(kCacheLine) Shard {
    mutable std::mutex mutex;                      // Guards stats.
    std::unordered_map<std::string, Stats> stats;  // By key.
  };

  static std::size_t shard_of(const std::string& key) {
    return std::hash<std::string>{}(key) % kShards;
  }

  std::array<Shard, kShards> shards_;
};

}  // namespace escaped_reference
