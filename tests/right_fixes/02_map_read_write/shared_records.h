// The map holds shared_ptrs to records that never change, and hands these out. Right: the map is
// under its lock, and what leaves the lock is immutable and lives as long as anybody looks at it.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "redis/record.h"

namespace map_read_write {

class Collector {
 public:
  void add(const redis::Record& record) {
    auto latest = std::make_shared<const redis::Record>(record);
    const std::unique_lock lock(mutex_);
    records_[record.key].swap(latest);
  }

  std::shared_ptr<const redis::Record> find(const std::string& key) const {
    const std::shared_lock lock(mutex_);
    const auto found = records_.find(key);
    return found == records_.end() ? nullptr : found->second;
  }

  std::size_t size() const {
    const std::shared_lock lock(mutex_);
    return records_.size();
  }

 private:
  mutable std::shared_mutex mutex_;  // Guards records_, not the records.
  std::map<std::string, std::shared_ptr<const redis::Record>> records_;
};

}  // namespace map_read_write
