// Refused: wrong_result: the place in the ring is taken before its slot is locked. A slow writer
// has the record gone that comes after the oldest, not the oldest.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "redis/record.h"

namespace append_and_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : slots_(records_max) {}
  void add(const redis::Record& record) {
    const std::uint64_t ticket = ++tickets_;
    auto& slot = slots_[ticket % slots_.size()];
    const std::lock_guard lock(slot.mutex);
    if (slot.ticket > ticket) return;  // Overtaken by a whole round.
    slot.ticket = ticket;
    slot.record = record;
  }
  std::vector<redis::Record> recent() const {
    for (;;) {
      const std::uint64_t newest = tickets_;
      std::vector<std::pair<std::uint64_t, redis::Record>> found;
      bool overtaken = false;
      for (const auto& slot : slots_) {
        const std::lock_guard lock(slot.mutex);
        if (slot.ticket == 0) continue;
        overtaken = overtaken || slot.ticket > newest;
        found.emplace_back(slot.ticket, slot.record);
      }
      if (overtaken) continue;
      std::sort(found.begin(), found.end(),
                [](const auto& a, const auto& b) { return a.first < b.first; });
      std::vector<redis::Record> records;
      for (auto& entry : found) records.push_back(std::move(entry.second));
      return records;
    }
  }

 private:
  struct Slot {
    mutable std::mutex mutex;
    std::uint64_t ticket = 0;
    redis::Record record;
  };
  std::atomic<std::uint64_t> tickets_ = 0;
  std::vector<Slot> slots_;
};

}  // namespace append_and_trim
