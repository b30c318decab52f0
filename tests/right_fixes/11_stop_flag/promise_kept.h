// Right: a future that is ready when it is time to stop, polled where the flag was. A promise can
// be kept once only, hence the look at joinable() first.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <future>
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
    if (!receiver_.joinable()) return;
    stop_.set_value();
    receiver_.join();
  }

  std::uint64_t requests(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = requests_.find(key);
    return found == requests_.end() ? 0 : found->second;
  }

 private:
  void receive() {
    for (bool last = false; !last;) {
      last = stopped_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
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
  std::promise<void> stop_;
  std::future<void> stopped_ = stop_.get_future();
  std::thread receiver_{[this] { receive(); }};  // Ends first.
};

}  // namespace stop_flag
