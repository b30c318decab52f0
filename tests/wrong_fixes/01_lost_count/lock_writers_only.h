// Refused: race: every ++ is under the lock, so none is lost, and "reading one number cannot hurt".
// A plain read beside a locked write is still unordered with it.
#pragma once

#include <cstdint>
#include <mutex>

#include "redis/record.h"

namespace lost_count {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    ++records_;
    bytes_ += record.request_bytes + record.response_bytes;
  }

  std::uint64_t records() const { return records_; }

  std::uint64_t bytes() const { return bytes_; }

 private:
  std::mutex mutex_;  // Guards records_ and bytes_, in add() alone.
  std::uint64_t records_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace lost_count
