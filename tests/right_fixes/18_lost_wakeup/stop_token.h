// Right: the close is a stop, which a condition variable for any lock knows how to wait for. It
// closes the gap between its look at the token and its wait by itself.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
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
  void close() { closed_.request_stop(); }

  // The latest record of `key`; waits for the first. None when closed before there was one.
  std::optional<redis::Record> await(const std::string& key) const {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, closed_.get_token(), [&] { return records_.contains(key); });
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
  mutable std::mutex mutex_;  // Guards records_.
  mutable std::condition_variable_any arrived_;
  std::unordered_map<std::string, redis::Record> records_;
  std::stop_source closed_;
};

}  // namespace lost_wakeup
