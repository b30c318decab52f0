// Refused: crash: all who wait on a condition variable at a time have to wait with the same
// mutex.
#pragma once

#include <array>
#include <condition_variable>
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
    auto& shard = of(record.key);
    const std::lock_guard lock(shard.mutex);
    shard.records[record.key] = record;
    arrived_.notify_all();
  }
  void close() {
    for (auto& shard : shards_) {
      const std::lock_guard lock(shard.mutex);
      shard.closed = true;
    }
    arrived_.notify_all();
  }
  std::optional<redis::Record> await(const std::string& key) const {
    auto& shard = of(key);
    std::unique_lock lock(shard.mutex);
    arrived_.wait(lock, [&] { return shard.closed || shard.records.contains(key); });
    return look(shard, key);
  }
  std::optional<redis::Record> find(const std::string& key) const {
    auto& shard = of(key);
    const std::lock_guard lock(shard.mutex);
    return look(shard, key);
  }

 private:
  struct Shard {
    std::mutex mutex;
    std::unordered_map<std::string, redis::Record> records;
    bool closed = false;
  };
  static std::optional<redis::Record> look(const Shard& shard, const std::string& key) {
    const auto found = shard.records.find(key);
    if (found == shard.records.end()) return std::nullopt;
    return found->second;
  }
  Shard& of(const std::string& key) const {
    return shards_[std::hash<std::string>{}(key) % shards_.size()];
  }
  mutable std::array<Shard, 16> shards_;
  mutable std::condition_variable arrived_;
};
}  // namespace lost_wakeup
