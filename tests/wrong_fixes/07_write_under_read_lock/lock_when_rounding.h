// Refused: race: taking the lock alone for each look is too dear, so a look in eight does, and the
// others add to a small count beside it.
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
    ++found->second.looks_since;
    if (found->second.looks_since == kLooksTogether) {
      const std::lock_guard looks_lock(looks_mutex_);
      found->second.looks += kLooksTogether;
      found->second.looks_since = 0;
    }
    return found->second.record;
  }

  // How often find() found the key.
  std::uint64_t looks(const std::string& key) const {
    const std::shared_lock lock(mutex_);
    const auto found = entries_.find(key);
    return found == entries_.end() ? 0 : found->second.looks + found->second.looks_since;
  }

 private:
  static constexpr std::uint64_t kLooksTogether = 8;
  struct Entry {
    redis::Record record;
    mutable std::uint64_t looks = 0;
    mutable std::uint64_t looks_since = 0;
  };

  mutable std::shared_mutex mutex_;                 // Guards entries_.
  std::unordered_map<std::string, Entry> entries_;  // By key.
  mutable std::mutex looks_mutex_;                  // Guards the looks, not looks_since.
};

}  // namespace write_under_read_lock
