// One table, changed in place under a read-write lock. Right: nothing leaves the lock but copies of
// records; and nothing is copied for each record.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace snapshot_swap {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::unique_lock lock(mutex_);
    records_[record.key] = record;
  }

  // The latest record of the key.
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
  mutable std::shared_mutex mutex_;                         // Guards records_.
  std::unordered_map<std::string, redis::Record> records_;  // By key.
};

}  // namespace snapshot_swap
