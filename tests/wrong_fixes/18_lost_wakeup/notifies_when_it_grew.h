// Refused: deadlock: only a new key is worth a notification, so it is notified when the map is by
// one larger than it was. How large it was is read before the lock, and two keys may come at once.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace lost_wakeup {

class Collector {
 public:
  void add(const redis::Record& record) {
    const auto before = size_.load();
    const std::lock_guard lock(mutex_);
    records_[record.key] = record;
    size_ = records_.size();
    if (size_ == before + 1) arrived_.notify_all();
  }

  // Ends every wait: there will be no more records.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    arrived_.notify_all();
  }

  // The latest record of `key`; waits for the first. None when closed before there was one.
  std::optional<redis::Record> await(const std::string& key) const {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return closed_ || records_.contains(key); });
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

 private:
  mutable std::mutex mutex_;  // Guards records_ and closed_.
  mutable std::condition_variable arrived_;
  std::unordered_map<std::string, redis::Record> records_;
  bool closed_ = false;
  std::atomic<std::size_t> size_ = 0;  // Of records_.
};

}  // namespace lost_wakeup
