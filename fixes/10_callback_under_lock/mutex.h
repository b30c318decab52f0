// The lock covers the collector's own data and nothing else: the observers are copied under it, and
// called when it is free again.
//
// Happens-before: each unlock to the next lock of mutex_, so what an observer finds is no older
// than the record that it is told of. Costs: a copy of the list of observers a record. By the time
// that an observer runs, another thread may have put a newer record in the place of the one it is
// told of.
#pragma once

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
    std::vector<Observer> observers;
    {
      const std::lock_guard lock(mutex_);
      records_[record.key] = record;
      observers = observers_;
    }
    for (const auto& observer : observers) observer(record);
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
  std::vector<Observer> observers_;
};

}  // namespace callback_under_lock
