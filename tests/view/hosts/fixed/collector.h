#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "redis/record.h"

// Every kind of query that hosts know, under a mutex.
class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    records_[record.key] = record;
    recent_.push_back(record);
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

  std::vector<redis::Record> recent() const {
    const std::lock_guard lock(mutex_);
    return recent_;
  }

  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return recent_.size();
  }

 private:
  mutable std::mutex mutex_;  // Guards records_ and recent_.
  std::unordered_map<std::string, redis::Record> records_;
  std::vector<redis::Record> recent_;
};
