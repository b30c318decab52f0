// Records that never change, the slowest of them behind an atomic pointer. Right: one replaces
// another by compare-and-exchange, with the order to publish it, and all live as long as the
// collector.
#pragma once

#include <atomic>
#include <deque>
#include <mutex>
#include <optional>

#include "redis/record.h"

namespace unnamed_guard {

class Collector {
 public:
  void add(const redis::Record& record) {
    const auto& kept = keep(record);
    const auto* slowest = slowest_.load();
    // A try fails only when another record took the place: each has a higher latency.
    while (!slowest || kept.latency_us > slowest->latency_us) {
      if (slowest_.compare_exchange_weak(slowest, &kept)) return;
    }
  }

  std::optional<redis::Record> slowest() const {
    const auto* slowest = slowest_.load();
    return slowest ? std::optional(*slowest) : std::nullopt;
  }

 private:
  const redis::Record& keep(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    return records_.emplace_back(record);
  }

  std::mutex mutex_;  // Guards records_, not the records, which stay where they are.
  std::deque<redis::Record> records_;
  std::atomic<const redis::Record*> slowest_ = nullptr;
};

}  // namespace unnamed_guard
