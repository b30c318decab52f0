// Many small maps, each with its own lock, chosen by connection; loops go shard by shard.
//
// Happens-before: each unlock to the next lock of a shard's mutex, so every sweep() of a shard to
// every later active() there.
// Costs: a list is no longer of one moment: a connection may go in one shard while another is
// listed. In return nobody waits for a whole sweep.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "redis/record.h"

namespace erase_while_reading {

class Collector {
 public:
  void add(const redis::Record& record) {
    auto& shard = shards_[record.connection % kShards];
    const std::lock_guard lock(shard.mutex);
    shard.latest[record.connection] = record;
  }

  // Forgets each connection whose latest request began before `oldest_us`.
  void sweep(std::int64_t oldest_us) {
    for (auto& shard : shards_) {
      const std::lock_guard lock(shard.mutex);
      std::erase_if(shard.latest,
                    [=](const auto& entry) { return entry.second.start_us < oldest_us; });
    }
  }

  // The latest record of each connection, in no order.
  std::vector<redis::Record> active() const {
    std::vector<redis::Record> records;
    for (const auto& shard : shards_) {
      const std::lock_guard lock(shard.mutex);
      for (const auto& [connection, record] : shard.latest) records.push_back(record);
    }
    return records;
  }

 private:
  static constexpr std::size_t kShards = 8;
  static constexpr std::size_t kCacheLine = 64;
  struct alignas(kCacheLine) Shard {
    mutable std::mutex mutex;                                 // Guards latest.
    std::unordered_map<std::uint32_t, redis::Record> latest;  // By connection.
  };

  std::array<Shard, kShards> shards_;
};

}  // namespace erase_while_reading
