// Counts in shards, chosen by key. A merge goes shard by shard, and locks each pair of shards in
// one step: a key is in the same shard of every collector.
//
// Happens-before: each unlock to the next lock of a shard's mutex, so what `other` counted for a
// key before a merge to every later query for that key. Costs: a merge takes sixteen pairs of
// locks. It is whole for each key, not for all of them: who looks meanwhile finds some keys moved
// and others not yet.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace lock_order {

class Collector {
 public:
  void add(const redis::Record& record) {
    auto& shard = shards_[shard_of(record.key)];
    const std::lock_guard lock(shard.mutex);
    ++shard.requests[record.key];
  }

  // Takes over what `other` has counted; it counts on from nothing.
  void merge(Collector& other) {
    if (this == &other) return;
    for (std::size_t i = 0; i < kShards; ++i) {
      const std::scoped_lock lock(shards_[i].mutex, other.shards_[i].mutex);
      for (const auto& [key, count] : other.shards_[i].requests) shards_[i].requests[key] += count;
      other.shards_[i].requests.clear();
    }
  }

  std::uint64_t requests(const std::string& key) const {
    const auto& shard = shards_[shard_of(key)];
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.requests.find(key);
    return found == shard.requests.end() ? 0 : found->second;
  }

 private:
  static constexpr std::size_t kShards = 16;
  struct Shard {
    mutable std::mutex mutex;  // Guards requests.
    std::unordered_map<std::string, std::uint64_t> requests;
  };

  static std::size_t shard_of(const std::string& key) {
    return std::hash<std::string>{}(key) % kShards;
  }

  std::array<Shard, kShards> shards_;
};

}  // namespace lock_order
