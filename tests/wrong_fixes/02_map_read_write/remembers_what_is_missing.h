// Refused: wrong_result: who looked in vain notes that the key is missing after it may have come.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "redis/record.h"

namespace map_read_write {

class Collector {
 public:
  void add(const redis::Record& record) {
    {
      const std::lock_guard lock(missing_mutex_);
      missing_.erase(record.key);
    }
    const std::lock_guard lock(mutex_);
    records_[record.key] = record;
  }
  std::optional<redis::Record> find(const std::string& key) const {
    {
      const std::lock_guard lock(missing_mutex_);
      if (missing_.contains(key)) return std::nullopt;
    }
    {
      const std::lock_guard lock(mutex_);
      const auto found = records_.find(key);
      if (found != records_.end()) return found->second;
    }
    const std::lock_guard lock(missing_mutex_);
    missing_.insert(key);
    return std::nullopt;
  }
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return records_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, redis::Record> records_;
  mutable std::mutex missing_mutex_;
  mutable std::unordered_set<std::string> missing_;
};

}  // namespace map_read_write
