// Refused: wrong_result: each thread keeps the list of observers by its version, which goes up
// before the observer is there.
#pragma once

#include <atomic>
#include <cstdint>
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
  using Observer = std::function<void(const redis::Record&)>;
  void add(const redis::Record& record) {
    thread_local std::uint64_t collector = 0, version = 0;
    thread_local std::vector<Observer> cached;
    const auto now = version_.load();
    if (collector != number_ || version != now) {
      const std::lock_guard lock(mutex_);
      cached = observers_;
      collector = number_;
      version = now;
    }
    {
      const std::lock_guard lock(mutex_);
      records_[record.key] = record;
    }
    const auto observers = cached;  // An observer may add, and fill the cache anew.
    for (const auto& observer : observers) observer(record);
  }
  void subscribe(Observer observer) {
    ++version_;  // What the threads remember is old now.
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
  static std::uint64_t next_number() {
    static std::atomic<std::uint64_t> next = 1;
    return next++;
  }
  const std::uint64_t number_ = next_number();
  std::atomic<std::uint64_t> version_ = 1;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, redis::Record> records_;
  std::vector<Observer> observers_;
};
}  // namespace callback_under_lock
