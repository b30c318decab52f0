// The view starts up: it waits for the first record of the key that it is to show. It looks, under
// the lock; finds nothing; and waits, under the lock again. A record that comes between the two
// wakes nobody, since nobody waits yet, and then it is waited for. Kyanos had a hang at start-up.
//
// Fault: deadlock: await() against add(), on arrived_.
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
    while (!closed() && !find(key)) {
      std::unique_lock lock(mutex_);
      arrived_.wait(lock);
    }
    return find(key);
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

 private:
  bool closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
  }

  mutable std::mutex mutex_;  // Guards records_ and closed_.
  mutable std::condition_variable arrived_;
  std::unordered_map<std::string, redis::Record> records_;
  bool closed_ = false;
};

}  // namespace lost_wakeup
