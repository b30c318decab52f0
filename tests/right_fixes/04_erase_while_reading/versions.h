// Copy on write: who changes the map copies it first and publishes the copy. Right: a list walks
// through a version that never changes, and changes are made one at a time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "redis/record.h"

namespace erase_while_reading {

class Collector {
 public:
  void add(const redis::Record& record) {
    change([&](Latest& latest) { latest[record.connection] = record; });
  }

  // Forgets each connection whose latest request began before `oldest_us`.
  void sweep(std::int64_t oldest_us) {
    change([&](Latest& latest) {
      std::erase_if(latest, [=](const auto& entry) { return entry.second.start_us < oldest_us; });
    });
  }

  // The latest record of each connection, in no order.
  std::vector<redis::Record> active() const {
    const auto latest = version();
    std::vector<redis::Record> records;
    for (const auto& [connection, record] : *latest) records.push_back(record);
    return records;
  }

 private:
  using Latest = std::map<std::uint32_t, redis::Record>;  // By connection.

  template <class Change>
  void change(Change change) {
    const std::lock_guard one_writer(writing_);
    auto next = std::make_shared<Latest>(*version());
    change(*next);
    const std::lock_guard lock(mutex_);
    latest_ = next;
  }
  std::shared_ptr<const Latest> version() const {
    const std::lock_guard lock(mutex_);
    return latest_;
  }

  std::mutex writing_;        // One writer at a time; taken before mutex_.
  mutable std::mutex mutex_;  // Guards latest_, not what it points to.
  std::shared_ptr<const Latest> latest_ = std::make_shared<const Latest>();
};

}  // namespace erase_while_reading
