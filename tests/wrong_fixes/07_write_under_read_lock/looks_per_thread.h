// Refused: wrong_result: each thread counts its own looks, so nothing is shared. The screen shows
// those of its own thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace write_under_read_lock {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::unique_lock lock(mutex_);
    records_[record.key] = record;
  }

  // Counts as a look at the key when there is a record.
  std::optional<redis::Record> find(const std::string& key) const {
    const std::shared_lock lock(mutex_);
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    ++looks_[key];
    return found->second;
  }

  // How often find() found the key.
  std::uint64_t looks(const std::string& key) const {
    const auto found = looks_.find(key);
    return found == looks_.end() ? 0 : found->second;
  }

 private:
  mutable std::shared_mutex mutex_;                         // Guards records_.
  std::unordered_map<std::string, redis::Record> records_;  // By key.
  static inline thread_local std::unordered_map<std::string, std::uint64_t> looks_;  // By key.
};

}  // namespace write_under_read_lock
