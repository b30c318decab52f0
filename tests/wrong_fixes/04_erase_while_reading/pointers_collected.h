// Refused: race: active() notes under the lock where the records are and copies them after it, so
// that nobody waits for the copying. By then the sweeper may have erased them.
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
    std::vector<const redis::Record*> places;
    {
      const std::lock_guard lock(mutex_);
      for (const auto& [connection, record] : latest_) places.push_back(&record);
    }
    std::vector<redis::Record> records;
    for (const auto* place : places) records.push_back(*place);
    return records;
  }

 private:
  mutable std::mutex mutex_;                                 // Guards latest_.
  std::unordered_map<std::uint32_t, redis::Record> latest_;  // By connection.
};

}  // namespace erase_while_reading
