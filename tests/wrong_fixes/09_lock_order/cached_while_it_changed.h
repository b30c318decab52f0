// Refused: wrong_result: a count that was looked up before the merge is put into the cache after
// it.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace lock_order {

class Collector {
 public:
  void add(const redis::Record& record) {
    {
      const std::lock_guard lock(mutex_);
      ++requests_[record.key];
    }
    dirty_ = true;
  }
  void merge(Collector& other) {
    if (this == &other) return;
    {
      const std::scoped_lock lock(mutex_, other.mutex_);
      for (const auto& [key, count] : other.requests_) requests_[key] += count;
      other.requests_.clear();
    }
    dirty_ = true;
    other.dirty_ = true;
  }
  std::uint64_t requests(const std::string& key) const {
    const std::lock_guard shown_lock(shown_mutex_);
    if (dirty_) {
      {
        const std::lock_guard lock(mutex_);
        shown_ = requests_;
      }
      dirty_ = false;
    }
    const auto found = shown_.find(key);
    return found == shown_.end() ? 0 : found->second;
  }

 private:
  using Counts = std::unordered_map<std::string, std::uint64_t>;
  mutable std::mutex mutex_;
  Counts requests_;
  mutable std::atomic<bool> dirty_{false};
  mutable std::mutex shown_mutex_;
  mutable Counts shown_;
};

}  // namespace lock_order
