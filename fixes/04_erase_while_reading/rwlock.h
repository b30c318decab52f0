// A read-write lock: whoever inserts or erases holds it alone, lists share it.
//
// Happens-before: each unlock to the next lock of mutex_ where either is exclusive, so every
// sweep() to every later active(). Costs: a dearer lock for every record; capture threads still
// wait while others walk through the map.
#pragma once

#include <cstdint>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

#include "redis/record.h"

namespace erase_while_reading {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::unique_lock lock(mutex_);
    latest_[record.connection] = record;
  }

  // Forgets each connection whose latest request began before `oldest_us`.
  void sweep(std::int64_t oldest_us) {
    const std::unique_lock lock(mutex_);
    std::erase_if(latest_, [=](const auto& entry) { return entry.second.start_us < oldest_us; });
  }

  // The latest record of each connection, in no order.
  std::vector<redis::Record> active() const {
    const std::shared_lock lock(mutex_);
    std::vector<redis::Record> records;
    for (const auto& [connection, record] : latest_) records.push_back(record);
    return records;
  }

 private:
  mutable std::shared_mutex mutex_;                          // Guards latest_.
  std::unordered_map<std::uint32_t, redis::Record> latest_;  // By connection.
};

}  // namespace erase_while_reading
