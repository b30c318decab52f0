// Refused: wrong_result: add() sweeps, under the lock that it holds anyway, and sweep() only says
// how far. Idle connections stay until somebody is busy.
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
    std::erase_if(latest_,
                  [this](const auto& entry) { return entry.second.start_us < oldest_us_; });
  }

  // Forgets each connection whose latest request began before `oldest_us`.
  void sweep(std::int64_t oldest_us) {
    const std::lock_guard lock(mutex_);
    oldest_us_ = oldest_us;
  }

  // The latest record of each connection, in no order.
  std::vector<redis::Record> active() const {
    const std::lock_guard lock(mutex_);
    std::vector<redis::Record> records;
    for (const auto& [connection, record] : latest_) records.push_back(record);
    return records;
  }

 private:
  mutable std::mutex mutex_;                                 // Guards latest_ and oldest_us_.
  std::unordered_map<std::uint32_t, redis::Record> latest_;  // By connection.
  std::int64_t oldest_us_ = 0;
};

}  // namespace erase_while_reading
