// Refused: wrong_result: an atomic flag, looked at before every single record. When it is set, the
// receiver ends, and whatever is still in the inbox stays there.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

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
    stopped_.store(true);
    if (receiver_.joinable()) receiver_.join();
  }

  std::uint64_t requests(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = requests_.find(key);
    return found == requests_.end() ? 0 : found->second;
  }

 private:
  void receive() {
    while (!stopped_.load()) {
      std::unique_lock lock(mutex_);
      arrived_.wait_for(lock, std::chrono::milliseconds(10), [this] { return !inbox_.empty(); });
      if (inbox_.empty()) continue;
      ++requests_[inbox_.front().key];
      inbox_.pop_front();
    }
  }

  mutable std::mutex mutex_;  // Guards inbox_ and requests_.
  std::condition_variable arrived_;
  std::deque<redis::Record> inbox_;
  std::unordered_map<std::string, std::uint64_t> requests_;
  std::atomic<bool> stopped_ = false;
  std::thread receiver_{[this] { receive(); }};  // Ends first.
};

}  // namespace stop_flag
