// A spin lock of relaxed operations, ordered by fences. Right, though ThreadSanitizer, which knows
// no fences, reports it; the explorer has to get through more schedules than others need.
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
    while (busy_.exchange(true, std::memory_order_relaxed)) std::this_thread::yield();
    std::atomic_thread_fence(std::memory_order_acquire);
  }
  void unlock() const {
    std::atomic_thread_fence(std::memory_order_release);
    busy_.store(false, std::memory_order_relaxed);
  }
  mutable std::atomic<bool> busy_ = false;
  std::uint64_t records_ = 0;
  std::uint64_t bytes_ = 0;
};
}  // namespace lost_count
