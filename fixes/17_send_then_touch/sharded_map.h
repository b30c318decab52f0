// Nothing is sent: a capture thread counts under the lock of its key's shard, beside those whose
// keys are in other shards.
//
// Happens-before: each unlock to the next lock of a shard's mutex, so every add() to every later
// counts(), which visits all shards.
// Costs: counts() takes sixteen locks and joins sixteen maps; it may hold a later record of one
// shard and miss an earlier one of another.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "redis/record.h"

namespace send_then_touch {

using Counts = std::map<std::string, std::size_t>;  // Records by key.

class Collector {
 public:
  void add(const redis::Record& record) {
    auto& shard = shards_[std::hash<std::string>{}(record.key) % kShards];
    const std::lock_guard lock(shard.mutex);
    ++shard.counts[record.key];
  }

  Counts counts() const {
    Counts counts;
    for (const auto& shard : shards_) {
      const std::lock_guard lock(shard.mutex);
      counts.insert(shard.counts.begin(), shard.counts.end());
    }
    return counts;
  }

 private:
  static constexpr std::size_t kShards = 16;
  struct Shard {
    mutable std::mutex mutex;  // Guards counts.
    Counts counts;
  };
  std::array<Shard, kShards> shards_;
};

}  // namespace send_then_touch
