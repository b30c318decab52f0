// Refused: deadlock: shares the lock to find, and takes it alone to count, without letting go in
// between so that the entry stays. It waits for its own share.
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
    entries_[record.key].record = record;
  }

  // Counts as a look at the key when there is a record.
  std::optional<redis::Record> find(const std::string& key) const {
    const std::shared_lock lock(mutex_);
    const auto found = entries_.find(key);
    if (found == entries_.end()) return std::nullopt;
    const std::unique_lock alone(mutex_);
    ++found->second.looks;
    return found->second.record;
  }

  // How often find() found the key.
  std::uint64_t looks(const std::string& key) const {
    const std::shared_lock lock(mutex_);
    const auto found = entries_.find(key);
    return found == entries_.end() ? 0 : found->second.looks;
  }

 private:
  struct Entry {
    redis::Record record;
    mutable std::uint64_t looks = 0;
  };

  mutable std::shared_mutex mutex_;                 // Guards entries_.
  std::unordered_map<std::string, Entry> entries_;  // By key.
};

}  // namespace write_under_read_lock
