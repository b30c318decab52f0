// Refused: wrong_result: a look locks one half after the other, and may show a record without the
// one that the same thread added before it.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

#include "redis/record.h"

namespace sort_then_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {}

  void add(const redis::Record& record) {
    auto& shard = shards_[record.connection % 2];
    const std::lock_guard lock(shard.mutex);
    shard.records.emplace_back(next_++, record);
    if (shard.records.size() > records_max_) shard.records.pop_front();
  }

  std::vector<redis::Record> slowest() {
    std::vector<std::pair<std::uint64_t, redis::Record>> all;
    for (auto& shard : shards_) {
      const std::lock_guard lock(shard.mutex);
      all.insert(all.end(), shard.records.begin(), shard.records.end());
    }
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return a.first > b.first; });
    if (all.size() > records_max_) all.resize(records_max_);
    std::vector<redis::Record> records;
    for (auto& [ticket, record] : all) records.push_back(std::move(record));
    std::sort(records.begin(), records.end(), slower);
    return records;
  }

 private:
  static bool slower(const redis::Record& a, const redis::Record& b) {
    return a.latency_us > b.latency_us;
  }

  struct Shard {
    std::mutex mutex;
    std::deque<std::pair<std::uint64_t, redis::Record>> records;
  };
  const std::size_t records_max_;
  std::atomic<std::uint64_t> next_ = 0;
  std::array<Shard, 2> shards_;
};
}  // namespace sort_then_trim
