// Refused: wrong_result: a sequence lock whose reader orders nothing: what it reads may be
// older than the version that it sees.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>

#include "redis/record.h"

namespace torn_totals {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    const auto version = version_.load(std::memory_order_relaxed);
    version_.store(version + 1, std::memory_order_relaxed);
    requests_.store(requests_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    latency_us_.store(latency_us_.load(std::memory_order_relaxed) + record.latency_us,
                      std::memory_order_relaxed);
    version_.store(version + 2, std::memory_order_relaxed);
  }

  std::int64_t requests() const { return requests_.load(); }

  std::int64_t mean_latency_us() const {
    for (;; std::this_thread::yield()) {
      const auto before = version_.load(std::memory_order_relaxed);
      const auto requests = requests_.load(std::memory_order_relaxed);
      const auto latency_us = latency_us_.load(std::memory_order_relaxed);
      if (before % 2 == 0 && before == version_.load(std::memory_order_relaxed)) {
        return requests == 0 ? 0 : latency_us / requests;
      }
    }
  }

 private:
  std::atomic<std::int64_t> requests_ = 0;
  std::atomic<std::int64_t> latency_us_ = 0;
  std::atomic<std::uint64_t> version_ = 0;
  std::mutex mutex_;
};
}  // namespace torn_totals
