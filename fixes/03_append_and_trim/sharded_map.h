// A list for each group of connections, with its own lock; tickets put them in order again.
//
// Happens-before: each unlock to the next lock of a shard's mutex, so every add() to every later
// recent(), which holds all of them.
// Costs: recent() stops all capture threads while it merges, and every shard keeps a screenful. The
// ticket is one cache line for all, so there is little left that runs side by side.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "redis/record.h"

namespace append_and_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {}

  void add(const redis::Record& record) {
    auto& shard = shards_[record.connection % kShards];
    const std::lock_guard lock(shard.mutex);
    // Relaxed: the locks publish the records; a ticket need only be larger than those before it.
    shard.records.emplace_back(tickets_.fetch_add(1, std::memory_order_relaxed), record);
    if (shard.records.size() > records_max_) shard.records.erase(shard.records.begin());
  }

  std::vector<redis::Record> recent() const {
    std::vector<Ticketed> all;
    {
      std::array<std::unique_lock<std::mutex>, kShards> locks;  // In the shards' order, always.
      for (std::size_t i = 0; i < kShards; ++i) locks[i] = std::unique_lock(shards_[i].mutex);
      for (const auto& shard : shards_) {
        all.insert(all.end(), shard.records.begin(), shard.records.end());
      }
    }
    std::sort(all.begin(), all.end(), [](auto& a, auto& b) { return a.first < b.first; });
    std::vector<redis::Record> newest;
    const auto trimmed = all.size() - std::min(all.size(), records_max_);
    for (std::size_t i = trimmed; i < all.size(); ++i) newest.push_back(std::move(all[i].second));
    return newest;
  }

 private:
  static constexpr std::size_t kShards = 8;
  static constexpr std::size_t kCacheLine = 64;
  using Ticketed = std::pair<std::uint64_t, redis::Record>;
  struct alignas(kCacheLine) Shard {
    mutable std::mutex mutex;  // Guards records.
    std::vector<Ticketed> records;
  };

  const std::size_t records_max_;
  std::atomic<std::uint64_t> tickets_ = 0;
  std::array<Shard, kShards> shards_;
};

}  // namespace append_and_trim
