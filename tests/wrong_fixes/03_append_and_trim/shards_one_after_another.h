// Refused: wrong_result: a list for each connection, each under its lock, and recent() puts one
// after the other: nothing says any more which record is the newest.
#pragma once

#include <array>
#include <cstddef>
#include <mutex>
#include <vector>

#include "redis/record.h"

namespace append_and_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {}

  void add(const redis::Record& record) {
    auto& shard = shards_[record.connection % kShards];
    const std::lock_guard lock(shard.mutex);
    shard.records.push_back(record);
    if (shard.records.size() > records_max_) shard.records.erase(shard.records.begin());
  }

  std::vector<redis::Record> recent() const {
    std::vector<redis::Record> all;
    for (const auto& shard : shards_) {
      const std::lock_guard lock(shard.mutex);
      all.insert(all.end(), shard.records.begin(), shard.records.end());
    }
    if (all.size() > records_max_) {
      all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(records_max_));
    }
    return all;
  }

 private:
  static constexpr std::size_t kShards = 8;
  struct Shard {
    mutable std::mutex mutex;  // Guards records.
    std::vector<redis::Record> records;
  };

  const std::size_t records_max_;
  std::array<Shard, kShards> shards_;
};

}  // namespace append_and_trim
