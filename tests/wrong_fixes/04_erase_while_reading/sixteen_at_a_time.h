// Refused: race: lets others in after each sixteen, and goes on with the iterator that it had.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "redis/record.h"

namespace erase_while_reading {
class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    latest_[record.connection] = record;
  }
  void sweep(std::int64_t oldest_us) {
    const std::lock_guard lock(mutex_);
    std::erase_if(latest_, [=](const auto& entry) { return entry.second.start_us < oldest_us; });
  }
  // Lets capture go on between two batches.
  std::vector<redis::Record> active() const {
    std::vector<redis::Record> records;
    std::unique_lock lock(mutex_);
    for (auto each = latest_.begin(); each != latest_.end(); ++each) {
      records.push_back(each->second);
      if (records.size() % 16 == 0) {
        lock.unlock();
        std::this_thread::yield();
        lock.lock();
      }
    }
    return records;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::uint32_t, redis::Record> latest_;
};
}  // namespace erase_while_reading
