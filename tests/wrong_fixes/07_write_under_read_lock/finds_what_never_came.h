// Refused: wrong_result: one mutex, and `entries_[key]` to count with, which makes the entry when
// there is none: looking for a key brings it into being.
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
    auto& entry = entries_[key];
    ++entry.looks;
    return entry.record;
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

  mutable std::mutex mutex_;                                // Guards entries_.
  mutable std::unordered_map<std::string, Entry> entries_;  // By key.
};

}  // namespace write_under_read_lock
