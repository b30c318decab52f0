// Refused: race: both sides hold a lock, each its own: writers and readers never meet on one.
#pragma once

#include <cstdint>
#include <mutex>

#include "redis/record.h"

namespace lost_count {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(write_mutex_);
    ++records_;
    bytes_ += record.request_bytes + record.response_bytes;
  }

  std::uint64_t records() const {
    const std::lock_guard lock(read_mutex_);
    return records_;
  }

  std::uint64_t bytes() const {
    const std::lock_guard lock(read_mutex_);
    return bytes_;
  }

 private:
  std::mutex write_mutex_;         // Guards writing.
  mutable std::mutex read_mutex_;  // Guards reading.
  std::uint64_t records_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace lost_count
