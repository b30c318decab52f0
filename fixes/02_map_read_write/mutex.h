// One mutex around the map: whoever touches records_ holds it.
//
// Happens-before: each unlock to the next lock of mutex_, so every add() to every later find().
// Costs: readers wait for each other as well as for writers.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace map_read_write {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    records_[record.key] = record;
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return records_.size();
  }

 private:
  mutable std::mutex mutex_;  // Guards records_.
  std::unordered_map<std::string, redis::Record> records_;
};

}  // namespace map_read_write
