// Refused: wrong_result: a counter for each hash, and keys of one hash are counted together.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
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
  std::optional<redis::Record> find(const std::string& key) const {
    const std::shared_lock lock(mutex_);
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    counter(key).fetch_add(1);
    return found->second;
  }
  std::uint64_t looks(const std::string& key) const { return counter(key).load(); }

 private:
  static constexpr std::size_t kCounters = 256;
  std::atomic<std::uint64_t>& counter(const std::string& key) const {
    return counters_[std::hash<std::string>{}(key) % kCounters];
  }
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, redis::Record> records_;
  mutable std::array<std::atomic<std::uint64_t>, kCounters> counters_{};
};
}  // namespace write_under_read_lock
