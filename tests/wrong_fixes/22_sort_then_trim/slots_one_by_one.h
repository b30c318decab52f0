// Refused: wrong_result: each slot has its lock, and a look takes one after the other: what it
// shows never was together.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>
#include <vector>

#include "redis/record.h"

namespace sort_then_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {}

  void add(const redis::Record& record) {
    const auto ticket = next_.fetch_add(1);
    auto& slot = slots_[ticket % records_max_];
    const std::lock_guard lock(slot.mutex);
    slot.record = record;
  }

  std::vector<redis::Record> slowest() {
    std::vector<redis::Record> records;
    for (auto& slot : slots_) {
      const std::lock_guard lock(slot.mutex);
      if (slot.record) records.push_back(*slot.record);
    }
    std::sort(records.begin(), records.end(), slower);
    return records;
  }

 private:
  static bool slower(const redis::Record& a, const redis::Record& b) {
    return a.latency_us > b.latency_us;
  }

  struct Slot {
    std::mutex mutex;
    std::optional<redis::Record> record;
  };
  const std::size_t records_max_;
  std::atomic<std::size_t> next_ = 0;
  std::vector<Slot> slots_ = std::vector<Slot>(records_max_);
};
}  // namespace sort_then_trim
