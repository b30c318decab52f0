// Refused: race: elements of a deque stay where they are; the deque itself does not, and is asked
// for them without the lock.
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
  using Observer = std::function<void(const redis::Record&)>;
  void add(const redis::Record& record) {
    std::size_t count = 0;
    {
      const std::lock_guard lock(mutex_);
      records_[record.key] = record;
      count = observers_.size();
    }
    for (std::size_t i = 0; i < count; ++i) observers_[i](record);  // A deque moves none of them.
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
  mutable std::mutex mutex_;
  std::unordered_map<std::string, redis::Record> records_;

  std::deque<Observer> observers_;
};
}  // namespace callback_under_lock
