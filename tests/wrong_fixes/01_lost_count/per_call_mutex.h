// Refused: race: a mutex in each call, which no other call can ever hold.
#pragma once

#include <cstdint>
#include <mutex>

#include "redis/record.h"

namespace lost_count {

class Collector {
 public:
  void add(const redis::Record& record) {
    std::mutex mutex;
    const std::lock_guard lock(mutex);
    ++records_;
    bytes_ += record.request_bytes + record.response_bytes;
  }

  std::uint64_t records() const {
    std::mutex mutex;
    const std::lock_guard lock(mutex);
    return records_;
  }

  std::uint64_t bytes() const {
    std::mutex mutex;
    const std::lock_guard lock(mutex);
    return bytes_;
  }

 private:
  std::uint64_t records_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace lost_count
