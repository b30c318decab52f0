// Refused: race: a concurrent map, so no lock is needed. Its calls are safe beside each other;
// walking through it is not one of them.
#pragma once

#include <tbb/concurrent_hash_map.h>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "redis/record.h"

namespace erase_while_reading {

class Collector {
 public:
  void add(const redis::Record& record) {
    Latest::accessor element;
    latest_.insert(element, record.connection);
    element->second = record;
  }

  // Forgets each connection whose latest request began before `oldest_us`.
  void sweep(std::int64_t oldest_us) {
    std::vector<std::uint32_t> idle;
    for (const auto& [connection, record] : latest_) {
      if (record.start_us < oldest_us) idle.push_back(connection);
    }
    for (const auto connection : idle) latest_.erase(connection);
  }

  // The latest record of each connection, in no order.
  std::vector<redis::Record> active() const {
    std::vector<redis::Record> records;
    for (const auto& [connection, record] : latest_) records.push_back(record);
    return records;
  }

 private:
  // The standard allocator: ThreadSanitizer cannot follow memory that TBB's own hands on.
  using Latest =
      tbb::concurrent_hash_map<std::uint32_t, redis::Record, tbb::tbb_hash_compare<std::uint32_t>,
                               std::allocator<std::pair<const std::uint32_t, redis::Record>>>;

  Latest latest_;  // By connection.
};

}  // namespace erase_while_reading
