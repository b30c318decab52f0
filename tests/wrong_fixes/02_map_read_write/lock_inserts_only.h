// Refused: race: Kyanos's own first fix. What changes the map is locked; lookups "only read".
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
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

  std::size_t size() const { return records_.size(); }

 private:
  std::mutex mutex_;  // Guards records_, in add() alone.
  std::unordered_map<std::string, redis::Record> records_;
};

}  // namespace map_read_write
