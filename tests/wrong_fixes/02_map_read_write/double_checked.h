// Refused: race: a first look without the lock, which most lookups end with; only a miss looks
// again under it. The first look meets the insert.
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
    if (auto found = look(key)) return found;
    const std::lock_guard lock(mutex_);
    return look(key);
  }

  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return records_.size();
  }

 private:
  std::optional<redis::Record> look(const std::string& key) const {
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

  mutable std::mutex mutex_;  // Guards records_.
  std::unordered_map<std::string, redis::Record> records_;
};

}  // namespace map_read_write
