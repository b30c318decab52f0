// Refused: deadlock: the flag is atomic, so it needs no lock. It comes between the look of one who
// holds the lock and the beginning of his wait; no lock, no order.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace lost_wakeup {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    records_[record.key] = record;
    arrived_.notify_all();
  }

  // Ends every wait: there will be no more records.
  void close() {
    closed_.store(true);
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
  mutable std::mutex mutex_;  // Guards records_.
  mutable std::condition_variable arrived_;
  std::unordered_map<std::string, redis::Record> records_;
  std::atomic<bool> closed_ = false;
};

}  // namespace lost_wakeup
