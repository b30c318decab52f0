// Refused: race: the map holds shared_ptrs, so a record outlives its erasure. It does not keep
// still: add() writes the new record into the old one's place, which a list may be reading.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "redis/record.h"

namespace erase_while_reading {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    auto& latest = latest_[record.connection];
    if (latest) {
      *latest = record;
    } else {
      latest = std::make_shared<redis::Record>(record);
    }
  }

  // Forgets each connection whose latest request began before `oldest_us`.
  void sweep(std::int64_t oldest_us) {
    const std::lock_guard lock(mutex_);
    std::erase_if(latest_, [=](const auto& entry) { return entry.second->start_us < oldest_us; });
  }

  // The latest record of each connection, in no order.
  std::vector<redis::Record> active() const {
    std::vector<std::shared_ptr<const redis::Record>> shared;
    {
      const std::lock_guard lock(mutex_);
      for (const auto& [connection, record] : latest_) shared.push_back(record);
    }
    std::vector<redis::Record> records;
    for (const auto& record : shared) records.push_back(*record);
    return records;
  }

 private:
  mutable std::mutex mutex_;  // Guards latest_, but not the records.
  std::unordered_map<std::uint32_t, std::shared_ptr<redis::Record>> latest_;  // By connection.
};

}  // namespace erase_while_reading
