// Many small maps, each with its own lock, chosen by the key's hash: threads that work on different
// keys seldom meet.
//
// Happens-before: each unlock to the next lock of a shard's mutex, so every add() to every later
// find() of a key in its shard.
// Costs: each key is hashed twice; size() takes every lock in turn, and adds up a moment that may
// never have been. One hot key is one lock again.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace map_read_write {

class Collector {
 public:
  void add(const redis::Record& record) {
    auto& shard = shard_of(record.key);
    const std::lock_guard lock(shard.mutex);
    shard.records[record.key] = record;
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const auto& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.records.find(key);
    if (found == shard.records.end()) return std::nullopt;
    return found->second;
  }

  std::size_t size() const {
    std::size_t size = 0;
    for (const auto& shard : shards_) {
      const std::lock_guard lock(shard.mutex);
      size += shard.records.size();
    }
    return size;
  }

 private:
  static constexpr std::size_t kShards = 64;
  static constexpr std::size_t kCacheLine = 64;
  struct alignas(kCacheLine) Shard {
    mutable std::mutex mutex;  // Guards records.
    std::unordered_map<std::string, redis::Record> records;
  };

  Shard& shard_of(const std::string& key) {
    return shards_[std::hash<std::string>{}(key) % kShards];
  }
  const Shard& shard_of(const std::string& key) const {
    return shards_[std::hash<std::string>{}(key) % kShards];
  }

  std::array<Shard, kShards> shards_;
};

}  // namespace map_read_write
