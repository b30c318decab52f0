// Refused: race: the flag is set under a mutex of its own, "not to wait for the inbox", and read
// under the inbox's.
#pragma once

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
    {
      const std::lock_guard lock(stop_mutex_);
      stopped_ = true;
    }
    arrived_.notify_one();
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
      std::unique_lock lock(mutex_);
      arrived_.wait(lock, [this] { return stopped_ || !inbox_.empty(); });
      last = stopped_;
      for (const auto& record : inbox_) ++requests_[record.key];
      inbox_.clear();
    }
  }

  mutable std::mutex mutex_;  // Guards inbox_ and requests_.
  std::condition_variable arrived_;
  std::vector<redis::Record> inbox_;
  std::unordered_map<std::string, std::uint64_t> requests_;
  std::mutex stop_mutex_;  // Guards setting stopped_.
  bool stopped_ = false;
  std::thread receiver_{[this] { receive(); }};  // Ends first.
};

}  // namespace stop_flag
