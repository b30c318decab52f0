// A spin lock on an atomic_flag. Right: the clear with release pairs with the test_and_set with
// acquire that takes the lock next, and what is held is short.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

#include "redis/record.h"

namespace lost_count {

class Collector {
 public:
  void add(const redis::Record& record) {
    const Hold hold(locked_);
    ++records_;
    bytes_ += record.request_bytes + record.response_bytes;
  }

  std::uint64_t records() const {
    const Hold hold(locked_);
    return records_;
  }

  std::uint64_t bytes() const {
    const Hold hold(locked_);
    return bytes_;
  }

 private:
  class Hold {
   public:
    explicit Hold(std::atomic_flag& locked) : locked_(locked) {
      // Acquire pairs with the release in ~Hold().
      while (locked_.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
    }
    ~Hold() { locked_.clear(std::memory_order_release); }  // Pairs with Hold().
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

   private:
    std::atomic_flag& locked_;
  };

  mutable std::atomic_flag locked_;  // Guards records_ and bytes_.
  std::uint64_t records_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace lost_count
