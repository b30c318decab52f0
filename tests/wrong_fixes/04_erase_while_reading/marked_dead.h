// Refused: race: nothing is erased any more, only marked, and a mark "is just a bool". It is
// written by one thread while another reads it.
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
    latest_[record.connection] = {record, false};
  }

  // Forgets each connection whose latest request began before `oldest_us`.
  void sweep(std::int64_t oldest_us) {
    const std::shared_lock lock(mutex_);
    for (auto& [connection, entry] : latest_) {
      if (entry.record.start_us < oldest_us) entry.dead = true;
    }
  }

  // The latest record of each connection, in no order.
  std::vector<redis::Record> active() const {
    const std::shared_lock lock(mutex_);
    std::vector<redis::Record> records;
    for (const auto& [connection, entry] : latest_) {
      if (!entry.dead) records.push_back(entry.record);
    }
    return records;
  }

 private:
  struct Entry {
    redis::Record record;
    bool dead = false;
  };

  mutable std::shared_mutex mutex_;                  // Guards latest_, were sweep() alone.
  std::unordered_map<std::uint32_t, Entry> latest_;  // By connection.
};

}  // namespace erase_while_reading
