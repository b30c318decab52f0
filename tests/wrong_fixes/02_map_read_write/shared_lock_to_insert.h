// Refused: race: a read-write lock, and add() of a known key "is not a change of the map", so it
// shares the lock with the lookups that copy this very record.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace map_read_write {

class Collector {
 public:
  void add(const redis::Record& record) {
    {
      const std::shared_lock lock(mutex_);
      const auto known = records_.find(record.key);
      if (known != records_.end()) {
        known->second = record;
        return;
      }
    }
    const std::unique_lock lock(mutex_);
    records_[record.key] = record;
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const std::shared_lock lock(mutex_);
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

  std::size_t size() const {
    const std::shared_lock lock(mutex_);
    return records_.size();
  }

 private:
  mutable std::shared_mutex mutex_;  // Guards records_, were add() always alone.
  std::unordered_map<std::string, redis::Record> records_;
};

}  // namespace map_read_write
