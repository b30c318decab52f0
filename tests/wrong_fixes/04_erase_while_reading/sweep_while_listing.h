// Refused: race: active() skips idle connections and, being there, erases them: under the lock that
// lists share.
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
    oldest_us_ = oldest_us;
  }

  // The latest record of each connection, in no order.
  std::vector<redis::Record> active() const {
    const std::shared_lock lock(mutex_);
    std::erase_if(latest_,
                  [this](const auto& entry) { return entry.second.start_us < oldest_us_; });
    std::vector<redis::Record> records;
    for (const auto& [connection, record] : latest_) records.push_back(record);
    return records;
  }

 private:
  mutable std::shared_mutex mutex_;  // Guards latest_ and oldest_us_, were active() alone.
  std::int64_t oldest_us_ = 0;
  mutable std::unordered_map<std::uint32_t, redis::Record> latest_;  // By connection.
};

}  // namespace erase_while_reading
