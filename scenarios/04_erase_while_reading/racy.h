// A sweeper forgets idle connections while the UI thread lists the active ones: it erases entries
// from under the list's loop. Kyanos sweeps every 15 seconds.
//
// Fault: data race: write in sweep() against read in active(), on latest_.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "redis/record.h"

namespace erase_while_reading {

class Collector {
 public:
  void add(const redis::Record& record) { latest_[record.connection] = record; }

  // Forgets each connection whose latest request began before `oldest_us`.
  void sweep(std::int64_t oldest_us) {
    std::erase_if(latest_, [=](const auto& entry) { return entry.second.start_us < oldest_us; });
  }

  // The latest record of each connection, in no order.
  std::vector<redis::Record> active() const {
    std::vector<redis::Record> records;
    for (const auto& [connection, record] : latest_) records.push_back(record);
    return records;
  }

 private:
  std::unordered_map<std::uint32_t, redis::Record> latest_;  // By connection.
};

}  // namespace erase_while_reading
