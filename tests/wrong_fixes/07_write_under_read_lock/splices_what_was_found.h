// Refused: race: find() moves what it found to the front of the list, which writes links of nodes,
// under a lock that it shares. The count itself is atomic.
#pragma once

#include <atomic>
#include <cstdint>
#include <list>
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
    const auto found = index_.find(record.key);
    if (found != index_.end()) {
      found->second->record = record;
      return;
    }
    entries_.emplace_front();
    entries_.front().record = record;
    index_[record.key] = entries_.begin();
  }
  std::optional<redis::Record> find(const std::string& key) const {
    const std::shared_lock lock(mutex_);
    const auto found = index_.find(key);
    if (found == index_.end()) return std::nullopt;
    ++found->second->looks;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->record;
  }
  std::uint64_t looks(const std::string& key) const {
    const std::shared_lock lock(mutex_);
    const auto found = index_.find(key);
    return found == index_.end() ? 0 : found->second->looks.load();
  }
 private:
  struct Entry {
    redis::Record record;
    std::atomic<std::uint64_t> looks = 0;
  };
  mutable std::shared_mutex mutex_;
  mutable std::list<Entry> entries_;
  std::unordered_map<std::string, std::list<Entry>::iterator> index_;
};

}  // namespace write_under_read_lock
