// The wait is for a state, not for a notification: it looks under the lock that add() stores under,
// and gives the lock up in the very step in which it begins to wait.
//
// Happens-before: each unlock to the next lock of mutex_, so add() is either before the look, which
// finds its record, or after the beginning of the wait, which its notification ends. Costs: every
// record wakes everybody who waits, to look again; one lock where the racy one took three or more.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace lost_wakeup {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    records_[record.key] = record;
    arrived_.notify_all();
  }

  // Ends every wait: there will be no more records.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    arrived_.notify_all();
  }

  // The latest record of `key`; waits for the first. None when closed before there was one.
  std::optional<redis::Record> await(const std::string& key) const {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return closed_ || records_.contains(key); });
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
  mutable std::mutex mutex_;  // Guards records_ and closed_.
  mutable std::condition_variable arrived_;
  std::unordered_map<std::string, redis::Record> records_;
  bool closed_ = false;
};

}  // namespace lost_wakeup
