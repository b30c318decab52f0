// Refused: wrong_result: a reader that is overtaken sixteen times reads a pair that is filled
// again.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "redis/record.h"

namespace torn_totals {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    const auto now = now_.load();
    const auto next = (now + 1) % pairs_.size();
    pairs_[next].requests.store(pairs_[now].requests.load() + 1);
    pairs_[next].latency_us.store(pairs_[now].latency_us.load() + record.latency_us);
    now_.store(next);
  }

  std::int64_t requests() const { return pairs_[now_.load()].requests.load(); }

  std::int64_t mean_latency_us() const {
    const auto& pair = pairs_[now_.load()];
    const auto requests = pair.requests.load();
    return requests == 0 ? 0 : pair.latency_us.load() / requests;
  }

 private:
  struct Pair {
    std::atomic<std::int64_t> requests = 0;
    std::atomic<std::int64_t> latency_us = 0;
  };
  std::mutex mutex_;
  std::array<Pair, 16> pairs_;
  std::atomic<std::size_t> now_ = 0;
};
}  // namespace torn_totals
