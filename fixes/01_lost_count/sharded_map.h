// Totals in shards, chosen by connection: capture threads count side by side, and a query adds up.
//
// Happens-before: each unlock to the next lock of a shard's mutex, so every add() to every later
// query, which visits all shards.
// Costs: a query takes every lock in turn; a cache line a shard, or the shards would slow each
// other down as much as one total does.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "redis/record.h"

namespace lost_count {

class Collector {
 public:
  void add(const redis::Record& record) {
    auto& shard = shards_[record.connection % kShards];
    const std::lock_guard lock(shard.mutex);
    ++shard.records;
    shard.bytes += record.request_bytes + record.response_bytes;
  }

  std::uint64_t records() const { return sum(&Shard::records); }

  std::uint64_t bytes() const { return sum(&Shard::bytes); }

 private:
  static constexpr std::size_t kShards = 16;
  static constexpr std::size_t kCacheLine = 64;
  struct alignas(kCacheLine) Shard {
    mutable std::mutex mutex;  // Guards records and bytes.
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;
  };

  std::uint64_t sum(std::uint64_t Shard::* total) const {
    std::uint64_t sum = 0;
    for (const auto& shard : shards_) {
      const std::lock_guard lock(shard.mutex);
      sum += shard.*total;
    }
    return sum;
  }

  std::array<Shard, kShards> shards_;
};

}  // namespace lost_count
