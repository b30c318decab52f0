// Right: the inbox is a bounded queue of oneTBB, whose pop() waits; an empty optional is the stop.
#pragma once

#include <tbb/concurrent_queue.h>

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>

#include "redis/record.h"

namespace stop_flag {

class Collector {
 public:
  ~Collector() { stop(); }
  void add(const redis::Record& record) { inbox_.push(record); }
  void stop() {
    if (!receiver_.joinable()) return;
    inbox_.push(std::nullopt);
    receiver_.join();
  }
  std::uint64_t requests(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = requests_.find(key);
    return found == requests_.end() ? 0 : found->second;
  }

 private:
  void receive() {
    for (;;) {
      std::optional<redis::Record> record;
      inbox_.pop(record);
      if (!record) return;
      const std::lock_guard lock(mutex_);
      ++requests_[record->key];
    }
  }
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::uint64_t> requests_;
  tbb::concurrent_bounded_queue<std::optional<redis::Record>> inbox_;
  std::thread receiver_{[this] { receive(); }};
};

}  // namespace stop_flag
