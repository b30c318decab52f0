// Right: a lock that is asked for with a limit, again and again. What comes of it is what comes of
// lock(), and a log line could be written for each second that somebody had to wait.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace map_read_write {

class Collector {
 public:
  void add(const redis::Record& record) {
    const auto lock = hold<std::unique_lock<std::shared_timed_mutex>>();
    records_[record.key] = record;
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const auto lock = hold<std::shared_lock<std::shared_timed_mutex>>();
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

  std::size_t size() const {
    const auto lock = hold<std::shared_lock<std::shared_timed_mutex>>();
    return records_.size();
  }

 private:
  template <class Lock>
  Lock hold() const {
    Lock lock(mutex_, std::defer_lock);
    while (!lock.try_lock_for(std::chrono::seconds(1))) continue;
    return lock;
  }

  mutable std::shared_timed_mutex mutex_;  // Guards records_.
  std::unordered_map<std::string, redis::Record> records_;
};

}  // namespace map_read_write
