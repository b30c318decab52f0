// A read-write lock: the receiver and the senders take it alone, queries share it. The flag is
// guarded with the inbox, and waited for with it.
//
// Happens-before: each unlock to the next lock of mutex_ where either is exclusive, so stop() to
// the last round of receive(); and the end of the receiver to stop()'s return, by join(). Costs: a
// condition variable for any lock has a mutex of its own inside, so waiting and waking take two
// locks. A stop gains nothing from it; queries do, when they are many and long.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <shared_mutex>
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
    const std::unique_lock lock(mutex_);
    inbox_.push_back(record);
    arrived_.notify_one();
  }

  // Returns when the receiver has counted what was added before, and ended. For one thread.
  void stop() {
    {
      const std::unique_lock lock(mutex_);
      stopped_ = true;
    }
    arrived_.notify_one();
    if (receiver_.joinable()) receiver_.join();
  }

  std::uint64_t requests(const std::string& key) const {
    const std::shared_lock lock(mutex_);
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

  mutable std::shared_mutex mutex_;  // Guards inbox_, requests_ and stopped_.
  std::condition_variable_any arrived_;
  std::vector<redis::Record> inbox_;
  std::unordered_map<std::string, std::uint64_t> requests_;
  bool stopped_ = false;
  std::thread receiver_{[this] { receive(); }};  // Ends first.
};

}  // namespace stop_flag
