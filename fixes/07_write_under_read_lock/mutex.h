// A mutex: once find() writes, there is nothing left to share.
//
// Happens-before: each unlock to the next lock of mutex_, so every find() to every later one.
// Costs: lookups wait for each other. A mutex is the cheaper lock, so with short lookups that may
// still be a gain.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace write_under_read_lock {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    entries_[record.key].record = record;
  }

  // Counts as a look at the key when there is a record.
  std::optional<redis::Record> find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(key);
    if (found == entries_.end()) return std::nullopt;
    ++found->second.looks;
    return found->second.record;
  }

  // How often find() found the key.
  std::uint64_t looks(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(key);
    return found == entries_.end() ? 0 : found->second.looks;
  }

 private:
  struct Entry {
    redis::Record record;
    mutable std::uint64_t looks = 0;
  };

  mutable std::mutex mutex_;                        // Guards entries_.
  std::unordered_map<std::string, Entry> entries_;  // By key.
};

}  // namespace write_under_read_lock
