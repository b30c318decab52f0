// Refused: wrong_result: both totals in shards, each pair under its lock, and the query adds them
// up shard by shard. While it is at one, records come to another that it has left, or not yet seen.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "redis/record.h"

namespace torn_totals {

class Collector {
 public:
  void add(const redis::Record& record) {
    auto& shard = shards_[record.connection % kShards];
    const std::lock_guard lock(shard.mutex);
    ++shard.requests;
    shard.latency_us += record.latency_us;
  }

  std::int64_t requests() const {
    std::int64_t requests = 0;
    for (const auto& shard : shards_) {
      const std::lock_guard lock(shard.mutex);
      requests += shard.requests;
    }
    return requests;
  }

  // Of all requests so far; 0 when there are none.
  std::int64_t mean_latency_us() const {
    std::int64_t requests = 0;
    std::int64_t latency_us = 0;
    for (const auto& shard : shards_) {
      const std::lock_guard lock(shard.mutex);
      requests += shard.requests;
      latency_us += shard.latency_us;
    }
    return requests == 0 ? 0 : latency_us / requests;
  }

 private:
  static constexpr std::size_t kShards = 8;
  struct Shard {
    mutable std::mutex mutex;  // Guards requests and latency_us.
    std::int64_t requests = 0;
    std::int64_t latency_us = 0;  // Of all of them.
  };

  std::array<Shard, kShards> shards_;
};

}  // namespace torn_totals
