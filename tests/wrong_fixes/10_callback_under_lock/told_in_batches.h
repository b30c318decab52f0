// Refused: wrong_result: gathers records under the lock and tells them eight at a time, with the
// lock free. Whoever waits for the next record waits for eight; the last seven are never told.
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
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
    std::vector<redis::Record> batch;
    std::vector<Observer> observers;
    {
      const std::lock_guard lock(mutex_);
      records_[record.key] = record;
      untold_.push_back(record);
      if (untold_.size() < kBatch) return;
      batch.swap(untold_);
      observers = observers_;
    }
    for (const auto& each : batch) {
      for (const auto& observer : observers) observer(each);
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
  static constexpr std::size_t kBatch = 8;

  mutable std::mutex mutex_;  // Guards records_, untold_ and observers_.
  std::unordered_map<std::string, redis::Record> records_;
  std::vector<redis::Record> untold_;
  std::vector<Observer> observers_;
};

}  // namespace callback_under_lock
