// Refused: race: a read-write lock, taken shared by add() too: writers hold it together.
#pragma once

#include <cstdint>
#include <shared_mutex>

#include "redis/record.h"

namespace lost_count {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::shared_lock lock(mutex_);
    ++records_;
    bytes_ += record.request_bytes + record.response_bytes;
  }

  std::uint64_t records() const {
    const std::shared_lock lock(mutex_);
    return records_;
  }

  std::uint64_t bytes() const {
    const std::shared_lock lock(mutex_);
    return bytes_;
  }

 private:
  mutable std::shared_mutex mutex_;  // Guards records_ and bytes_, were it taken alone.
  std::uint64_t records_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace lost_count
