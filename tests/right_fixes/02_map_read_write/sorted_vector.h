// A sorted vector in the map's place. Right: one mutex guards it, and what leaves is a copy.
#pragma once

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "redis/record.h"

namespace map_read_write {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    const auto place = std::lower_bound(records_.begin(), records_.end(), record.key, before);
    if (place != records_.end() && place->key == record.key) {
      *place = record;
    } else {
      records_.insert(place, record);
    }
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto place = std::lower_bound(records_.begin(), records_.end(), key, before);
    if (place == records_.end() || place->key != key) return std::nullopt;
    return *place;
  }

  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return records_.size();
  }

 private:
  static bool before(const redis::Record& record, const std::string& key) {
    return record.key < key;
  }

  mutable std::mutex mutex_;            // Guards records_.
  std::vector<redis::Record> records_;  // By key.
};

}  // namespace map_read_write
