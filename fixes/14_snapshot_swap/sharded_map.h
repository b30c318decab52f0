// A table, a pointer and the locks for each shard, chosen by the key's hash. A record copies one
// shard's table, not all of it.
//
// Happens-before: each unlock to the next lock of a shard's mutex, so the making of its table to
// every reader that takes it.
// Costs: there is no snapshot of the whole any more; size() adds up tables of different moments. In
// return a record copies a sixteenth: where tables are copied, sharding pays at once.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "redis/record.h"

namespace snapshot_swap {

class Collector {
 public:
  void add(const redis::Record& record) {
    auto& shard = shards_[shard_of(record.key)];
    const std::lock_guard one_writer(shard.writing);
    auto next = std::make_shared<Records>(*latest(shard));
    (*next)[record.key] = record;
    publish(shard, std::move(next));
  }

  // The latest record of the key.
  std::optional<redis::Record> find(const std::string& key) const {
    const auto snapshot = latest(shards_[shard_of(key)]);
    const auto found = snapshot->find(key);
    if (found == snapshot->end()) return std::nullopt;
    return found->second;
  }

  std::size_t size() const {
    std::size_t size = 0;
    for (const auto& shard : shards_) size += latest(shard)->size();
    return size;
  }

 private:
  static constexpr std::size_t kShards = 16;
  using Records = std::unordered_map<std::string, redis::Record>;  // By key.
  struct Shard {
    std::mutex writing;        // One writer at a time, from copy to swap.
    mutable std::mutex mutex;  // Guards snapshot, not what it points to.
    std::shared_ptr<const Records> snapshot = std::make_shared<const Records>();
  };

  static std::size_t shard_of(const std::string& key) {
    return std::hash<std::string>{}(key) % kShards;
  }
  static std::shared_ptr<const Records> latest(const Shard& shard) {
    const std::lock_guard lock(shard.mutex);
    return shard.snapshot;
  }
  static void publish(Shard& shard, std::shared_ptr<const Records> next) {
    const std::lock_guard lock(shard.mutex);
    shard.snapshot.swap(next);  // The old one goes after the lock, with `next`.
  }

  std::array<Shard, kShards> shards_;
};

}  // namespace snapshot_swap
