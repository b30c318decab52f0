// Right: a promise for each key, made by whoever asks first. A future that is ready stays ready,
// however late it is waited for.
#pragma once

#include <future>
#include <map>
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
    keep(record.key);
  }

  // Ends every wait: there will be no more records.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    while (!promises_.empty()) keep(promises_.begin()->first);
  }

  // The latest record of `key`; waits for the first. None when closed before there was one.
  std::optional<redis::Record> await(const std::string& key) const {
    std::shared_future<void> arrived;
    {
      const std::lock_guard lock(mutex_);
      if (!closed_ && !records_.contains(key)) arrived = promises_[key].future;
    }
    if (arrived.valid()) arrived.wait();
    return find(key);
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

 private:
  struct Promise {
    std::promise<void> promise;
    std::shared_future<void> future = promise.get_future().share();
  };

  void keep(const std::string& key) {
    auto promise = promises_.extract(key);
    if (promise) promise.mapped().promise.set_value();
  }

  mutable std::mutex mutex_;  // Guards what follows.
  std::unordered_map<std::string, redis::Record> records_;
  mutable std::map<std::string, Promise> promises_;  // By the key that is waited for.
  bool closed_ = false;
};

}  // namespace lost_wakeup
