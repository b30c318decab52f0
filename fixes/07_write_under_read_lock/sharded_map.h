// Many small maps, each with a mutex of its own: lookups of different keys seldom meet, so they
// need not share a lock.
//
// Happens-before: each unlock to the next lock of a shard's mutex, so every find() to every later
// one of a key in its shard. Costs: a second hash for each key; lookups of one hot key wait for
// each other.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace write_under_read_lock {

class Collector {
 public:
  void add(const redis::Record& record) {
    auto& shard = shards_[shard_of(record.key)];
    const std::lock_guard lock(shard.mutex);
    shard.entries[record.key].record = record;
  }

  // Counts as a look at the key when there is a record.
  std::optional<redis::Record> find(const std::string& key) const {
    auto& shard = shards_[shard_of(key)];
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.entries.find(key);
    if (found == shard.entries.end()) return std::nullopt;
    ++found->second.looks;
    return found->second.record;
  }

  // How often find() found the key.
  std::uint64_t looks(const std::string& key) const {
    auto& shard = shards_[shard_of(key)];
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.entries.find(key);
    return found == shard.entries.end() ? 0 : found->second.looks;
  }

 private:
  static constexpr std::size_t kShards = 16;
  static constexpr std::size_t kCacheLine = 64;
  struct Entry {
    redis::Record record;
    std::uint64_t looks = 0;
  };
  struct alignas(kCacheLine) Shard {
    std::mutex mutex;                                // Guards entries.
    std::unordered_map<std::string, Entry> entries;  // By key.
  };

  static std::size_t shard_of(const std::string& key) {
    return std::hash<std::string>{}(key) % kShards;
  }

  mutable std::array<Shard, kShards> shards_;
};

}  // namespace write_under_read_lock
