// Refused: wrong_result: the sweep notes its limit and active() leaves out what is older, so there
// is no erasing to race with. The limit stays for what comes later, which nobody has swept.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
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
    oldest_us_ = std::max(oldest_us_, oldest_us);
  }

  // The latest record of each connection, in no order.
  std::vector<redis::Record> active() const {
    const std::lock_guard lock(mutex_);
    std::vector<redis::Record> records;
    for (const auto& [connection, record] : latest_) {
      if (record.start_us >= oldest_us_) records.push_back(record);
    }
    return records;
  }

 private:
  mutable std::mutex mutex_;  // Guards all below.
  std::int64_t oldest_us_ = std::numeric_limits<std::int64_t>::min();
  std::unordered_map<std::uint32_t, redis::Record> latest_;  // By connection.
};

}  // namespace erase_while_reading
