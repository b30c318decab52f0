// Right without a condition variable: reads the count of changes, then looks, then waits for the
// count to differ from what it read. What changes in between has changed the count.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace lost_wakeup {

class Collector {
 public:
  void add(const redis::Record& record) {
    {
      const std::lock_guard lock(mutex_);
      records_[record.key] = record;
    }
    ++changes_;
    changes_.notify_all();
  }

  // Ends every wait: there will be no more records.
  void close() {
    closed_.store(true);
    ++changes_;
    changes_.notify_all();
  }

  // The latest record of `key`; waits for the first. None when closed before there was one.
  std::optional<redis::Record> await(const std::string& key) const {
    for (;;) {
      const auto seen = changes_.load();
      const bool last = closed_.load();  // Before the look: what was added before it is found.
      auto record = find(key);
      if (record || last) return record;
      changes_.wait(seen);
    }
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

 private:
  mutable std::mutex mutex_;  // Guards records_.
  std::unordered_map<std::string, redis::Record> records_;
  std::atomic<std::uint32_t> changes_ = 0;
  std::atomic<bool> closed_ = false;
};

}  // namespace lost_wakeup
