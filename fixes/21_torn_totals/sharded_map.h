// Both totals in shards, chosen by connection, each pair under its lock. A query holds all locks.
//
// Happens-before: each unlock to the next lock of a shard's mutex, so every add() to every later
// query, which visits all shards.
// Costs: a query takes every lock, and capture threads wait until it has let go of them. One lock
// at a time would not do: every pair would be whole, and their sum of a moment that never was.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "redis/record.h"

namespace torn_totals {

class Collector {
 public:
  void add(const redis::Record& record) {
    auto& shard = shards_[record.connection % kShards];
    const std::lock_guard lock(shard.mutex);
    ++shard.totals.requests;
    shard.totals.latency_us += record.latency_us;
  }

  std::int64_t requests() const { return totals().requests; }

  // Of all requests so far; 0 when there are none.
  std::int64_t mean_latency_us() const {
    const auto [requests, latency_us] = totals();
    return requests == 0 ? 0 : latency_us / requests;
  }

 private:
  static constexpr std::size_t kShards = 8;
  static constexpr std::size_t kCacheLine = 64;
  struct Totals {
    std::int64_t requests = 0;
    std::int64_t latency_us = 0;  // Of all of them.
  };
  struct alignas(kCacheLine) Shard {
    mutable std::mutex mutex;  // Guards totals.
    Totals totals;
  };

  Totals totals() const {
    std::array<std::unique_lock<std::mutex>, kShards> locks;  // In the shards' order, always.
    for (std::size_t i = 0; i < kShards; ++i) locks[i] = std::unique_lock(shards_[i].mutex);
    Totals sum;
    for (const auto& shard : shards_) {
      sum.requests += shard.totals.requests;
      sum.latency_us += shard.totals.latency_us;
    }
    return sum;
  }

  std::array<Shard, kShards> shards_;
};

}  // namespace torn_totals
