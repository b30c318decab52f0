// Refused: wrong_result: while the sweeper works, add() turns records away instead of waiting for
// it.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "redis/record.h"

namespace erase_while_reading {

class Collector {
 public:
  void add(const redis::Record& record) {
    if (sweeping_) return;
    const std::lock_guard lock(mutex_);
    latest_[record.connection] = record;
  }

  // Forgets each connection whose latest request began before `oldest_us`.
  void sweep(std::int64_t oldest_us) {
    sweeping_ = true;
    const std::lock_guard lock(mutex_);
    std::erase_if(latest_, [=](const auto& entry) { return entry.second.start_us < oldest_us; });
    sweeping_ = false;
  }

  // The latest record of each connection, in no order.
  std::vector<redis::Record> active() const {
    const std::lock_guard lock(mutex_);
    std::vector<redis::Record> records;
    for (const auto& [connection, record] : latest_) records.push_back(record);
    return records;
  }

 private:
  mutable std::mutex mutex_;                                 // Guards latest_.
  std::unordered_map<std::uint32_t, redis::Record> latest_;  // By connection.
  std::atomic<bool> sweeping_ = false;
};

}  // namespace erase_while_reading
