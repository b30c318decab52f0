// Refused: race: one thread at a time does hold this lock, but with relaxed order its release hands
// nothing on: what the last holder wrote need not be there for the next.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

#include "redis/record.h"

namespace lost_count {

class Collector {
 public:
  void add(const redis::Record& record) {
    lock();
    ++records_;
    bytes_ += record.request_bytes + record.response_bytes;
    unlock();
  }

  std::uint64_t records() const {
    lock();
    const auto records = records_;
    unlock();
    return records;
  }

  std::uint64_t bytes() const {
    lock();
    const auto bytes = bytes_;
    unlock();
    return bytes;
  }

 private:
  void lock() const {
    while (locked_.test_and_set(std::memory_order_relaxed)) std::this_thread::yield();
  }
  void unlock() const { locked_.clear(std::memory_order_relaxed); }

  mutable std::atomic_flag locked_;
  std::uint64_t records_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace lost_count
