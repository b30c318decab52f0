// Right: a semaphore counts what there is to do, a record each and one more for the stop. The
// receiver wakes up as often, so no wake-up is ever lost.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <semaphore>
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
    {
      const std::lock_guard lock(mutex_);
      inbox_.push_back(record);
    }
    wakeups_.release();
  }

  // Returns when the receiver has counted what was added before, and ended. For one thread.
  void stop() {
    stopped_.store(true);
    wakeups_.release();
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
      wakeups_.acquire();
      last = stopped_.load();
      const std::lock_guard lock(mutex_);
      for (const auto& record : inbox_) ++requests_[record.key];
      inbox_.clear();
    }
  }

  mutable std::mutex mutex_;  // Guards inbox_ and requests_.
  std::counting_semaphore<> wakeups_{0};
  std::vector<redis::Record> inbox_;
  std::unordered_map<std::string, std::uint64_t> requests_;
  std::atomic<bool> stopped_ = false;
  std::thread receiver_{[this] { receive(); }};  // Ends first.
};

}  // namespace stop_flag
