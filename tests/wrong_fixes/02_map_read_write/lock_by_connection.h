// Refused: race: locks are sharded, the map is not: two connections hold two locks and change one
// map.
#pragma once

#include <array>
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
    const std::lock_guard lock(mutexes_[record.connection % kMutexes]);
    records_[record.key] = record;
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const std::lock_guard lock(mutexes_[0]);
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

  std::size_t size() const {
    const std::lock_guard lock(mutexes_[0]);
    return records_.size();
  }

 private:
  static constexpr std::size_t kMutexes = 16;
  mutable std::array<std::mutex, kMutexes> mutexes_;  // Each guards nothing in particular.
  std::unordered_map<std::string, redis::Record> records_;
};

}  // namespace map_read_write
