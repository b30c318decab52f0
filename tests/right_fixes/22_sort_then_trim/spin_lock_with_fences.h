// Right: a spin lock made of relaxed operations and fences, around a deque.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <deque>
#include <thread>
#include <vector>

#include "redis/record.h"

namespace sort_then_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {}

  void add(const redis::Record& record) {
    enter();
    records_.push_back(record);
    if (records_.size() > records_max_) records_.pop_front();
    leave();
  }

  std::vector<redis::Record> slowest() {
    enter();
    std::vector<redis::Record> records(records_.begin(), records_.end());
    leave();
    std::sort(records.begin(), records.end(), slower);
    return records;
  }

 private:
  static bool slower(const redis::Record& a, const redis::Record& b) {
    return a.latency_us > b.latency_us;
  }

  void enter() const {
    while (locked_.exchange(true, std::memory_order_relaxed)) std::this_thread::yield();
    std::atomic_thread_fence(std::memory_order_acquire);
  }
  void leave() const {
    std::atomic_thread_fence(std::memory_order_release);
    locked_.store(false, std::memory_order_relaxed);
  }
  mutable std::atomic<bool> locked_ = false;

  const std::size_t records_max_;
  std::deque<redis::Record> records_;
};
}  // namespace sort_then_trim
