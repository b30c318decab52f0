// Refused: race: lookups have a lock of their own, so that they need not wait for inserts. Nor do
// they.
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
    const std::lock_guard lock(insert_mutex_);
    records_[record.key] = record;
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const std::lock_guard lock(find_mutex_);
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

  std::size_t size() const {
    const std::lock_guard lock(find_mutex_);
    return records_.size();
  }

 private:
  std::mutex insert_mutex_;        // Guards inserting.
  mutable std::mutex find_mutex_;  // Guards looking up.
  std::unordered_map<std::string, redis::Record> records_;
};

}  // namespace map_read_write
