// Refused: timeout: the wake-up is lost as before, and an hour later it is made up for.
#pragma once

#include <chrono>
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

  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    arrived_.notify_all();
  }

  std::optional<redis::Record> await(const std::string& key) const {
    while (!closed() && !find(key)) {
      std::unique_lock lock(mutex_);
      arrived_.wait_for(lock, std::chrono::hours(1));
    }
    return find(key);
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

 private:
  bool closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
  }

  mutable std::mutex mutex_;
  mutable std::condition_variable arrived_;
  std::unordered_map<std::string, redis::Record> records_;
  bool closed_ = false;
};

}  // namespace lost_wakeup
