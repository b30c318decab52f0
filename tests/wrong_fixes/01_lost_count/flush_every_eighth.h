// Refused: wrong_result: each connection counts into a total of its own and passes it on now and
// then. No lock is contended; what was not yet passed on is missing from every answer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "redis/record.h"

namespace lost_count {

class Collector {
 public:
  void add(const redis::Record& record) {
    auto& own = own_[record.connection % kConnectionsMax];
    const std::lock_guard lock(own.mutex);
    ++own.records;
    own.bytes += record.request_bytes + record.response_bytes;
    if (own.records < kRecordsHeldBack) return;
    const std::lock_guard totals_lock(mutex_);
    records_ += own.records;
    bytes_ += own.bytes;
    own.records = 0;
    own.bytes = 0;
  }

  std::uint64_t records() const {
    const std::lock_guard lock(mutex_);
    return records_;
  }

  std::uint64_t bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
  }

 private:
  static constexpr std::size_t kConnectionsMax = 64;
  static constexpr std::uint64_t kRecordsHeldBack = 8;
  struct Own {
    std::mutex mutex;  // Guards records and bytes.
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;
  };
  std::array<Own, kConnectionsMax> own_;
  mutable std::mutex mutex_;  // Guards records_ and bytes_.
  std::uint64_t records_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace lost_count
