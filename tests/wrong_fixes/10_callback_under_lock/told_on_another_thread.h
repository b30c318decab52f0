// Refused: wrong_result: observers run as a task, after the lock and before add() returns. They do
// not run on the thread that adds: what an observer keeps a thread, it does not find there.
#pragma once

#include <functional>
#include <future>
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
    std::async(std::launch::async, [&] {
      for (const auto& observer : observers) observer(record);
    }).wait();
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
