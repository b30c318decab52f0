// Refused: race: active() returns the map itself by reference, from under the lock: the loop over
// it runs at the caller's, without.
#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_map>

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
  const auto& active() const {
    const std::lock_guard lock(mutex_);
    return latest_;
  }

 private:
  mutable std::mutex mutex_;                                 // Guards latest_.
  std::unordered_map<std::uint32_t, redis::Record> latest_;  // By connection.
};

}  // namespace erase_while_reading
