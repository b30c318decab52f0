// Refused: deadlock: notifies only when the record is the one that was waited for last. Of two who
// wait for two keys the first is forgotten.
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
    if (record.key == wanted_) arrived_.notify_all();
  }
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    arrived_.notify_all();
  }
  std::optional<redis::Record> await(const std::string& key) const {
    std::unique_lock lock(mutex_);
    while (!closed_ && !records_.contains(key)) {
      wanted_ = key;
      arrived_.wait(lock);
    }
    return look(key);
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    return look(key);
  }

 private:
  std::optional<redis::Record> look(const std::string& key) const {
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

  mutable std::mutex mutex_;
  mutable std::condition_variable arrived_;
  mutable std::string wanted_;
  std::unordered_map<std::string, redis::Record> records_;
  bool closed_ = false;
};

}  // namespace lost_wakeup
