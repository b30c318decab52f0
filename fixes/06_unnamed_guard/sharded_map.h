// The slowest of each group of connections, each group with its lock; a look compares the groups.
//
// Happens-before: each unlock to the next lock of a shard's mutex, so every add() to every later
// slowest(), which visits all shards.
// Costs: a look takes every lock in turn and copies the slowest of each shard. It is of no moment:
// while it goes round, a slower one may come to a shard that it has left, and a fast one after that
// to a shard to come; it then gives the fast one, which never was the slowest.
#pragma once

#include <array>
#include <cstddef>
#include <mutex>
#include <optional>

#include "redis/record.h"

namespace unnamed_guard {

class Collector {
 public:
  void add(const redis::Record& record) {
    auto& shard = shards_[record.connection % kShards];
    const std::lock_guard lock(shard.mutex);
    replace_if_slower(shard.slowest, record);
  }

  std::optional<redis::Record> slowest() const {
    std::optional<redis::Record> slowest;
    for (const auto& shard : shards_) {
      const std::lock_guard lock(shard.mutex);
      if (shard.slowest) replace_if_slower(slowest, *shard.slowest);
    }
    return slowest;
  }

 private:
  static constexpr std::size_t kShards = 8;
  static constexpr std::size_t kCacheLine = 64;
  struct alignas(kCacheLine) Shard {
    mutable std::mutex mutex;  // Guards slowest.
    std::optional<redis::Record> slowest;
  };

  static void replace_if_slower(std::optional<redis::Record>& slowest,
                                const redis::Record& record) {
    if (!slowest || record.latency_us > slowest->latency_us) slowest = record;
  }

  std::array<Shard, kShards> shards_;
};

}  // namespace unnamed_guard
