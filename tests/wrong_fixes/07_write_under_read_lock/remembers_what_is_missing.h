// Refused: wrong_result: who looked in vain notes that the key is missing after it may have come.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "redis/record.h"

namespace write_under_read_lock {

class Collector {
 public:
  void add(const redis::Record& record) {
    {
      const std::lock_guard lock(missing_mutex_);
      missing_.erase(record.key);
    }
    const std::unique_lock lock(mutex_);
    entries_[record.key].record = record;
  }
  std::optional<redis::Record> find(const std::string& key) const {
    {
      const std::lock_guard lock(missing_mutex_);
      if (missing_.contains(key)) return std::nullopt;
    }
    {
      const std::shared_lock lock(mutex_);
      const auto found = entries_.find(key);
      if (found != entries_.end()) {
        ++found->second.looks;
        return found->second.record;
      }
    }
    const std::lock_guard lock(missing_mutex_);
    missing_.insert(key);
    return std::nullopt;
  }
  std::uint64_t looks(const std::string& key) const {
    const std::shared_lock lock(mutex_);
    const auto found = entries_.find(key);
    return found == entries_.end() ? 0 : found->second.looks.load();
  }

 private:
  struct Entry {
    redis::Record record;
    mutable std::atomic<std::uint64_t> looks{0};
  };
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, Entry> entries_;
  mutable std::mutex missing_mutex_;
  mutable std::unordered_set<std::string> missing_;
};

}  // namespace write_under_read_lock
