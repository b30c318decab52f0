// Refused: deadlock: the list has a read-write lock of its own, and telling only reads it. An
// observer that adds shares it twice, and one that subscribes waits for its own thread.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "redis/record.h"

namespace callback_under_lock {

class Collector {
 public:
  // Called by the thread that adds a record, before add() returns. It may call the collector.
  using Observer = std::function<void(const redis::Record&)>;

  void add(const redis::Record& record) {
    {
      const std::lock_guard lock(mutex_);
      records_[record.key] = record;
    }
    const std::shared_lock lock(observers_mutex_);
    for (const auto& observer : observers_) observer(record);
  }

  void subscribe(Observer observer) {
    const std::unique_lock lock(observers_mutex_);
    observers_.push_back(std::move(observer));
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

 private:
  mutable std::mutex mutex_;  // Guards records_.
  std::unordered_map<std::string, redis::Record> records_;
  std::shared_mutex observers_mutex_;  // Guards observers_.
  std::vector<Observer> observers_;
};

}  // namespace callback_under_lock
