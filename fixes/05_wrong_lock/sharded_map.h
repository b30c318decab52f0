// Each shard carries its one mutex beside the map that it guards, so that there is no other to
// take.
//
// Happens-before: each unlock to the next lock of a shard's mutex, so every add() to every later
// totals() of a command in its shard.
// Costs: a hash and a cache line a shard; and most records are GETs and SETs, which stay two locks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "redis/record.h"

namespace wrong_lock {

struct Totals {
  std::uint64_t requests = 0;
  std::int64_t latency_us = 0;

  friend bool operator==(const Totals&, const Totals&) = default;
};

class Collector {
 public:
  void add(const redis::Record& record) {
    auto& shard = shards_[shard_of(record.command)];
    const std::lock_guard lock(shard.mutex);
    auto& totals = shard.totals[record.command];
    ++totals.requests;
    totals.latency_us += record.latency_us;
  }

  // Nothing before the first record of the command.
  Totals totals(const std::string& command) const {
    const auto& shard = shards_[shard_of(command)];
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.totals.find(command);
    return found == shard.totals.end() ? Totals{} : found->second;
  }

 private:
  static constexpr std::size_t kShards = 8;
  static constexpr std::size_t kCacheLine = 64;
  struct alignas(kCacheLine) Shard {
    mutable std::mutex mutex;              // Guards totals.
    std::map<std::string, Totals> totals;  // By command.
  };

  static std::size_t shard_of(const std::string& command) {
    return std::hash<std::string>{}(command) % kShards;
  }

  std::array<Shard, kShards> shards_;
};

}  // namespace wrong_lock
