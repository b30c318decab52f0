// Refused: wrong_result: one mutex on all sides; add() replaces the whole entry, and with it the
// looks that the key already had.
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
    entries_[record.key] = {record, 0};
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
