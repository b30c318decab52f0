// Refused: wrong_result: the exchange is tried eight times, and given up.
#pragma once

#include <atomic>
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
  std::optional<redis::Record> find(const std::string& key) const {
    const std::shared_lock lock(mutex_);
    const auto found = entries_.find(key);
    if (found == entries_.end()) return std::nullopt;
    auto& looks = found->second.looks;
    auto seen = looks.load();
    for (int tries = 0; tries < 8 && !looks.compare_exchange_strong(seen, seen + 1); ++tries) {
    }
    return found->second.record;
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
};

}  // namespace write_under_read_lock
