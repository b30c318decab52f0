// A list for each group of connections, with its own lock. A ticket is each record's place in the
// order of arrival, so that no list need stand for it.
//
// Happens-before: each unlock to the next lock of a shard's mutex, so every add() to every later
// slowest(), which holds all of them.
// Costs: slowest() stops all capture threads while it copies, and sorts twice: by ticket to find
// the newest, then by latency. Every shard keeps a screenful.
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

namespace sort_then_trim {

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

  // The newest records, slowest first.
  std::vector<redis::Record> slowest() const {
    auto all = arrived();
    std::sort(all.begin(), all.end(), [](auto& a, auto& b) { return a.first < b.first; });
    std::vector<redis::Record> records;
    const auto trimmed = all.size() - std::min(all.size(), records_max_);
    for (std::size_t i = trimmed; i < all.size(); ++i) records.push_back(std::move(all[i].second));
    std::sort(records.begin(), records.end(), slower);
    return records;
  }

 private:
  static constexpr std::size_t kShards = 8;
  static constexpr std::size_t kCacheLine = 64;
  using Ticketed = std::pair<std::uint64_t, redis::Record>;
  struct alignas(kCacheLine) Shard {
    mutable std::mutex mutex;  // Guards records.
    std::vector<Ticketed> records;
  };

  static bool slower(const redis::Record& a, const redis::Record& b) {
    return a.latency_us > b.latency_us;
  }

  std::vector<Ticketed> arrived() const {
    std::array<std::unique_lock<std::mutex>, kShards> locks;  // In the shards' order, always.
    for (std::size_t i = 0; i < kShards; ++i) locks[i] = std::unique_lock(shards_[i].mutex);
    std::vector<Ticketed> all;
    for (const auto& shard : shards_) {
      all.insert(all.end(), shard.records.begin(), shard.records.end());
    }
    return all;
  }

  const std::size_t records_max_;
  std::atomic<std::uint64_t> tickets_ = 0;
  std::array<Shard, kShards> shards_;
};

}  // namespace sort_then_trim
