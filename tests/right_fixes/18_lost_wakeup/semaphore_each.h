// Right: who waits leaves a semaphore of his own in a list, under the lock that he looked under.
// Each of them is released once, and keeps that until it is waited for.
#pragma once

#include <mutex>
#include <optional>
#include <semaphore>
#include <string>
#include <unordered_map>
#include <vector>

#include "redis/record.h"

namespace lost_wakeup {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    records_[record.key] = record;
    wake_all();
  }

  // Ends every wait: there will be no more records.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    wake_all();
  }

  // The latest record of `key`; waits for the first. None when closed before there was one.
  std::optional<redis::Record> await(const std::string& key) const {
    std::unique_lock lock(mutex_);
    while (!closed_ && !records_.contains(key)) {
      std::binary_semaphore woken(0);
      waiting_.push_back(&woken);
      lock.unlock();
      woken.acquire();
      lock.lock();  // Who released it held the lock, so it is in nobody's hands any more.
    }
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

 private:
  void wake_all() {
    for (auto* woken : waiting_) woken->release();
    waiting_.clear();
  }

  mutable std::mutex mutex_;  // Guards what follows.
  std::unordered_map<std::string, redis::Record> records_;
  mutable std::vector<std::binary_semaphore*> waiting_;
  bool closed_ = false;
};

}  // namespace lost_wakeup
