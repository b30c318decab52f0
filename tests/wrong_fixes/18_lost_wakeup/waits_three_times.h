// Refused: wrong_result: a wait may wake in vain, so it waits thrice. The notifications are for
// every key's record, and there may be more of them.
#pragma once

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
    const std::lock_guard lock(mutex_);
    closed_ = true;
    arrived_.notify_all();
  }

  // The latest record of `key`; waits for the first. None when closed before there was one.
  std::optional<redis::Record> await(const std::string& key) const {
    std::unique_lock lock(mutex_);
    for (int i = 0; i < 3 && !closed_ && !records_.contains(key); ++i) arrived_.wait(lock);
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
};

}  // namespace lost_wakeup
