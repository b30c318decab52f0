// The same wait with a read-write lock: who waits only looks, so all of them hold the lock shared,
// and give it up in the step in which they begin to wait.
//
// Happens-before: each unlock to the next lock of mutex_ where either is exclusive, so add() is
// either before a look or after the beginning of its wait. Costs: a condition variable for any lock
// has a mutex of its own inside, so that every wait and every notification takes two locks. Many
// who are woken at once may look at once; a look is too short for that to pay.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace lost_wakeup {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::unique_lock lock(mutex_);
    records_[record.key] = record;
    arrived_.notify_all();
  }

  // Ends every wait: there will be no more records.
  void close() {
    const std::unique_lock lock(mutex_);
    closed_ = true;
    arrived_.notify_all();
  }

  // The latest record of `key`; waits for the first. None when closed before there was one.
  std::optional<redis::Record> await(const std::string& key) const {
    std::shared_lock lock(mutex_);
    arrived_.wait(lock, [&] { return closed_ || records_.contains(key); });
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const std::shared_lock lock(mutex_);
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

 private:
  mutable std::shared_mutex mutex_;  // Guards records_ and closed_.
  mutable std::condition_variable_any arrived_;
  std::unordered_map<std::string, redis::Record> records_;
  bool closed_ = false;
};

}  // namespace lost_wakeup
