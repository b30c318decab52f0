// Shards by key, each with its lock and its condition variable: a record wakes only those who wait
// for a key of its shard. The close is a state of each shard, or a wait could fall into the gap
// between the flag and its own lock.
//
// Happens-before: each unlock to the next lock of a shard's mutex, so add() is either before the
// look or after the beginning of the wait. Costs: a close takes sixteen locks, one by one, and
// meanwhile some shards are closed and others are not. In return fewer are woken for nothing.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace lost_wakeup {

class Collector {
 public:
  void add(const redis::Record& record) {
    auto& shard = shards_[shard_of(record.key)];
    const std::lock_guard lock(shard.mutex);
    shard.records[record.key] = record;
    shard.arrived.notify_all();
  }

  // Ends every wait: there will be no more records.
  void close() {
    for (auto& shard : shards_) {
      const std::lock_guard lock(shard.mutex);
      shard.closed = true;
      shard.arrived.notify_all();
    }
  }

  // The latest record of `key`; waits for the first. None when closed before there was one.
  std::optional<redis::Record> await(const std::string& key) const {
    const auto& shard = shards_[shard_of(key)];
    std::unique_lock lock(shard.mutex);
    shard.arrived.wait(lock, [&] { return shard.closed || shard.records.contains(key); });
    const auto found = shard.records.find(key);
    if (found == shard.records.end()) return std::nullopt;
    return found->second;
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const auto& shard = shards_[shard_of(key)];
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.records.find(key);
    if (found == shard.records.end()) return std::nullopt;
    return found->second;
  }

 private:
  static constexpr std::size_t kShards = 16;
  struct Shard {
    mutable std::mutex mutex;  // Guards records and closed.
    mutable std::condition_variable arrived;
    std::unordered_map<std::string, redis::Record> records;
    bool closed = false;
  };

  static std::size_t shard_of(const std::string& key) {
    return std::hash<std::string>{}(key) % kShards;
  }

  std::array<Shard, kShards> shards_;
};

}  // namespace lost_wakeup
