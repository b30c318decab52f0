// Refused: wrong_result: the flag that says that the sum is old is cleared after the sum was made.
// What came in between is never looked for.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>

#include "redis/record.h"

namespace lost_count {

class Collector {
 public:
  void add(const redis::Record& record) {
    auto& shard = shards_[record.connection % shards_.size()];
    {
      const std::lock_guard lock(shard.mutex);
      ++shard.records;
      shard.bytes += record.request_bytes + record.response_bytes;
    }
    dirty_ = true;
  }
  std::uint64_t records() const {
    refresh();
    return records_;
  }
  std::uint64_t bytes() const {
    refresh();
    return bytes_;
  }

 private:
  struct Shard {
    mutable std::mutex mutex;
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;
  };
  void refresh() const {
    if (!dirty_) return;
    const std::lock_guard sum_lock(sum_mutex_);
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;
    for (const auto& shard : shards_) {
      const std::lock_guard lock(shard.mutex);
      records += shard.records;
      bytes += shard.bytes;
    }
    records_ = records;
    bytes_ = bytes;
    dirty_ = false;
  }
  std::array<Shard, 4> shards_;
  mutable std::mutex sum_mutex_;
  mutable std::atomic<bool> dirty_{false};
  mutable std::atomic<std::uint64_t> records_{0};
  mutable std::atomic<std::uint64_t> bytes_{0};
};

}  // namespace lost_count
