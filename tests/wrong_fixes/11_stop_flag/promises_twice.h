// Refused: crash: a promise says stop, and is kept once only: the second stop() throws.
#pragma once

#include <future>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
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
  void stop() {
    stopping_.set_value();
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
      last = stopped_.wait_for(std::chrono::milliseconds(2)) == std::future_status::ready;
      const std::lock_guard lock(mutex_);
      for (const auto& record : inbox_) ++requests_[record.key];
      inbox_.clear();
    }
  }

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<redis::Record> inbox_;
  std::unordered_map<std::string, std::uint64_t> requests_;
  std::promise<void> stopping_;
  std::future<void> stopped_ = stopping_.get_future();
  std::thread receiver_{[this] { receive(); }};

};

}  // namespace stop_flag
