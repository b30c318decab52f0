// One mutex around the map; a loop over it holds the lock from its first entry to its last.
//
// Happens-before: each unlock to the next lock of mutex_, so every sweep() to every later active().
// Costs: capture threads wait while the sweeper or the UI thread walks through all connections.
#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "redis/record.h"

namespace erase_while_reading {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    latest_[record.connection] = record;
  }

  // Forgets each connection whose latest request began before `oldest_us`.
  void sweep(std::int64_t oldest_us) {
    const std::lock_guard lock(mutex_);
    std::erase_if(latest_, [=](const auto& entry) { return entry.second.start_us < oldest_us; });
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
};

}  // namespace erase_while_reading
