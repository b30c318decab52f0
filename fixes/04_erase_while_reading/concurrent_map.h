// oneTBB's concurrent_hash_map; since nobody may walk through it while others erase, a set that
// only grows says which connections to look up.
//
// Happens-before: the release of an accessor to the next accessor of the same element, so an
// erasure to each later look-up of it; and a connection's insertion into known_ to each walk that
// meets it. Costs: two containers, and known_ never shrinks: 4 bytes and a node for each connection
// ever seen.
#pragma once

#include <tbb/concurrent_hash_map.h>
#include <tbb/concurrent_unordered_set.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "redis/record.h"

namespace erase_while_reading {

class Collector {
 public:
  void add(const redis::Record& record) {
    {
      Latest::accessor element;
      latest_.insert(element, record.connection);
      element->second = record;
    }
    known_.insert(record.connection);
  }

  // Forgets each connection whose latest request began before `oldest_us`.
  void sweep(std::int64_t oldest_us) {
    for (const auto connection : known_) {
      Latest::accessor element;
      if (latest_.find(element, connection) && element->second.start_us < oldest_us) {
        latest_.erase(element);
      }
    }
  }

  // The latest record of each connection, in no order.
  std::vector<redis::Record> active() const {
    std::vector<redis::Record> records;
    for (const auto connection : known_) {
      Latest::const_accessor element;
      if (latest_.find(element, connection)) records.push_back(element->second);
    }
    return records;
  }

 private:
  // The standard allocator: ThreadSanitizer cannot follow memory that TBB's own hands on.
  using Latest =
      tbb::concurrent_hash_map<std::uint32_t, redis::Record, tbb::tbb_hash_compare<std::uint32_t>,
                               std::allocator<std::pair<const std::uint32_t, redis::Record>>>;

  Latest latest_;  // By connection.
  tbb::concurrent_unordered_set<std::uint32_t, std::hash<std::uint32_t>, std::equal_to<>,
                                std::allocator<std::uint32_t>>
      known_;
};

}  // namespace erase_while_reading
