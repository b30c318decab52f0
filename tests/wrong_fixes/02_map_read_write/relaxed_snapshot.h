// Refused: race: a fresh map for each insert, its pointer atomic. With relaxed order the pointer
// may arrive before the map that it points to.
#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace map_read_write {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    auto& next = versions_.emplace_back(versions_.back());
    next[record.key] = record;
    latest_.store(&next, std::memory_order_relaxed);
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const auto& records = *latest_.load(std::memory_order_relaxed);
    const auto found = records.find(key);
    if (found == records.end()) return std::nullopt;
    return found->second;
  }

  std::size_t size() const { return latest_.load(std::memory_order_relaxed)->size(); }

 private:
  using Records = std::unordered_map<std::string, redis::Record>;

  std::mutex mutex_;  // Guards versions_; readers keep to latest_.
  std::deque<Records> versions_{1};
  std::atomic<const Records*> latest_ = &versions_.front();
};

}  // namespace map_read_write
