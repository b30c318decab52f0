// Right: the lock is let go of around each call, and what lasts over it lasts: the place in the
// list is an index, and a deque never moves its elements to grow.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "redis/record.h"

namespace callback_under_lock {

class Collector {
 public:
  // Called by the thread that adds a record, before add() returns. It may call the collector.
  using Observer = std::function<void(const redis::Record&)>;

  void add(const redis::Record& record) {
    std::unique_lock lock(mutex_);
    records_[record.key] = record;
    for (std::size_t i = 0; i < observers_.size(); ++i) {
      const auto& observer = observers_[i];
      lock.unlock();
      observer(record);
      lock.lock();
    }
  }

  void subscribe(Observer observer) {
    const std::lock_guard lock(mutex_);
    observers_.push_back(std::move(observer));
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

 private:
  mutable std::mutex mutex_;  // Guards records_ and observers_.
  std::unordered_map<std::string, redis::Record> records_;
  std::deque<Observer> observers_;
};

}  // namespace callback_under_lock
