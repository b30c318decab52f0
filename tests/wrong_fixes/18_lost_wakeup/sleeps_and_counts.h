// Refused: wrong_result: looks again each millisecond, a hundred times: polling, with an end to it.
// Whoever sends later than that was not waited for.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>

#include "redis/record.h"

namespace lost_wakeup {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    records_[record.key] = record;
  }

  // Ends every wait: there will be no more records.
  void close() { closed_ = true; }

  // The latest record of `key`; waits for the first. None when closed before there was one.
  std::optional<redis::Record> await(const std::string& key) const {
    for (int looks = 0; looks < 100; ++looks) {
      const bool last = closed_;
      auto record = find(key);
      if (record || last) return record;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return std::nullopt;
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
  std::atomic<bool> closed_ = false;
};

}  // namespace lost_wakeup
