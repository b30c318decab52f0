// A read-write lock: inserting takes it alone, lookups share it.
//
// Happens-before: each unlock to the next lock of mutex_ where either is exclusive, so every add()
// to every later find(). Costs: a shared lock is dearer than a mutex and writes to the lock as
// well; it pays where lookups are many and long. A steady stream of readers can hold a writer up.
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
  mutable std::shared_mutex mutex_;  // Guards records_.
  std::unordered_map<std::string, redis::Record> records_;
};

}  // namespace map_read_write
