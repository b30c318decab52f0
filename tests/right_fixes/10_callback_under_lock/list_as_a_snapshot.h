// Right: the list of observers is replaced, never changed, so that add() takes one pointer of it
// under the lock, however long it is.
#pragma once

#include <functional>
#include <memory>
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
    std::shared_ptr<const Observers> observers;
    {
      const std::lock_guard lock(mutex_);
      records_[record.key] = record;
      observers = observers_;
    }
    for (const auto& observer : *observers) observer(record);
  }

  void subscribe(Observer observer) {
    const std::lock_guard lock(mutex_);
    auto observers = std::make_shared<Observers>(*observers_);
    observers->push_back(std::move(observer));
    observers_ = std::move(observers);
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

 private:
  using Observers = std::vector<Observer>;

  mutable std::mutex mutex_;  // Guards records_ and observers_.
  std::unordered_map<std::string, redis::Record> records_;
  std::shared_ptr<const Observers> observers_ = std::make_shared<Observers>();
};

}  // namespace callback_under_lock
