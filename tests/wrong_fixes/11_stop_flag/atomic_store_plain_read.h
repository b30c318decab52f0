// Refused: race: the store is atomic and the read is not. What Kyanos did to a counter, done to the
// flag: one side of an agreement.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "redis/record.h"

namespace stop_flag {

class Collector {
 public:
  ~Collector() { stop(); }

  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    inbox_.push_back(record);
    arrived_.notify_one();
  }

  // Returns when the receiver has counted what was added before, and ended. For one thread.
  void stop() {
    std::atomic_ref(stopped_).store(true);
    if (receiver_.joinable()) receiver_.join();
  }

  std::uint64_t requests(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = requests_.find(key);
    return found == requests_.end() ? 0 : found->second;
  }

 private:
  void receive() {
    for (bool last = false; !last;) {
      last = stopped_;
      std::unique_lock lock(mutex_);
      arrived_.wait_for(lock, std::chrono::milliseconds(10), [this] { return !inbox_.empty(); });
      for (const auto& record : inbox_) ++requests_[record.key];
      inbox_.clear();
    }
  }

  mutable std::mutex mutex_;  // Guards inbox_ and requests_.
  std::condition_variable arrived_;
  std::vector<redis::Record> inbox_;
  std::unordered_map<std::string, std::uint64_t> requests_;
  bool stopped_ = false;
  std::thread receiver_{[this] { receive(); }};  // Ends first.
};

}  // namespace stop_flag
