// Right: oneTBB's unordered map may be inserted into and searched together, and moves no element;
// each has a mutex for its record.
#pragma once

#include <tbb/concurrent_unordered_map.h>

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>

#include "redis/record.h"

namespace map_read_write {

class Collector {
 public:
  void add(const redis::Record& record) {
    auto& entry = entries_[record.key];
    const std::lock_guard lock(entry.mutex);
    entry.record = record;
  }
  std::optional<redis::Record> find(const std::string& key) const {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return std::nullopt;
    const std::lock_guard lock(found->second.mutex);
    return found->second.record;
  }
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    mutable std::mutex mutex;
    std::optional<redis::Record> record;
  };
  tbb::concurrent_unordered_map<std::string, Entry> entries_;
};

}  // namespace map_read_write
