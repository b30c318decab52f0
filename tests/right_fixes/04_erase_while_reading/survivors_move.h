// A sorted list; survivors are spliced into a new one, and the rest is destroyed after the lock.
// Right: no other thread ever sees the list half swept.
#pragma once

#include <cstdint>
#include <iterator>
#include <list>
#include <mutex>
#include <vector>

#include "redis/record.h"

namespace erase_while_reading {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    for (auto& known : latest_) {
      if (known.connection != record.connection) continue;
      known = record;
      return;
    }
    latest_.push_back(record);
  }

  // Forgets each connection whose latest request began before `oldest_us`.
  void sweep(std::int64_t oldest_us) {
    std::list<redis::Record> idle;
    const std::lock_guard lock(mutex_);
    for (auto entry = latest_.begin(); entry != latest_.end();) {
      const auto next = std::next(entry);
      if (entry->start_us < oldest_us) idle.splice(idle.end(), latest_, entry);
      entry = next;
    }
  }

  // The latest record of each connection, in no order.
  std::list<redis::Record> active() const {
    const std::lock_guard lock(mutex_);
    return latest_;
  }

 private:
  mutable std::mutex mutex_;         // Guards latest_.
  std::list<redis::Record> latest_;  // One a connection.
};

}  // namespace erase_while_reading
