// Many small maps, each with its own lock; check and act of a key are one step in its shard.
//
// Happens-before: each unlock to the next lock of a shard's mutex; keys of different shards have
// nothing to agree on.
// Costs: a second hash for each key. A check that spans two keys would need both shards' locks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace check_then_act {

class Collector {
 public:
  void add(const redis::Record& record) {
    auto& shard = shards_[shard_of(record.key)];
    const std::lock_guard lock(shard.mutex);
    const bool known = shard.hits.contains(record.key);
    if (known) {
      ++shard.hits[record.key];
    } else {
      shard.hits[record.key] = 1;
    }
  }

  std::uint64_t hits(const std::string& key) const {
    const auto& shard = shards_[shard_of(key)];
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.hits.find(key);
    return found == shard.hits.end() ? 0 : found->second;
  }

 private:
  static constexpr std::size_t kShards = 16;
  static constexpr std::size_t kCacheLine = 64;
  struct alignas(kCacheLine) Shard {
    mutable std::mutex mutex;  // Guards hits.
    std::unordered_map<std::string, std::uint64_t> hits;
  };

  static std::size_t shard_of(const std::string& key) {
    return std::hash<std::string>{}(key) % kShards;
  }

  std::array<Shard, kShards> shards_;
};

}  // namespace check_then_act
