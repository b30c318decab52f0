// Records in shards, chosen by key, and the list of observers under a lock of its own. No two locks
// are ever held at once, and none while an observer runs.
//
// Happens-before: each unlock to the next lock of a shard's mutex, so what an observer finds is no
// older than the record that it is told of; and of observers_mutex_, from subscribing to being
// told. Costs: every record passes the one lock of the list after that of its shard: with
// observers, the shards gain little until the list is a snapshot that is read without a lock.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "redis/record.h"

namespace callback_under_lock {

class Collector {
 public:
  // Called by the thread that adds a record, before add() returns. It may call the collector.
  using Observer = std::function<void(const redis::Record&)>;

  void add(const redis::Record& record) {
    {
      auto& shard = shards_[shard_of(record.key)];
      const std::lock_guard lock(shard.mutex);
      shard.records[record.key] = record;
    }
    for (const auto& observer : observers()) observer(record);
  }

  void subscribe(Observer observer) {
    const std::lock_guard lock(observers_mutex_);
    observers_.push_back(std::move(observer));
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
    mutable std::mutex mutex;  // Guards records.
    std::unordered_map<std::string, redis::Record> records;
  };

  static std::size_t shard_of(const std::string& key) {
    return std::hash<std::string>{}(key) % kShards;
  }

  std::vector<Observer> observers() const {
    const std::lock_guard lock(observers_mutex_);
    return observers_;
  }

  std::array<Shard, kShards> shards_;
  mutable std::mutex observers_mutex_;  // Guards observers_.
  std::vector<Observer> observers_;
};

}  // namespace callback_under_lock
