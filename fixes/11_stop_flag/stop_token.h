// The standard library's own: a std::jthread comes with a stop token, and a condition variable for
// any lock knows how to wait for it. C++'s answer to Go's context.
//
// Happens-before: request_stop() to the wait that it ends and the stop_requested() that sees it, so
// what was added before is in the inbox for the last round; and the receiver's end to stop()'s
// return. Costs: a condition variable for any lock, with a mutex of its own inside; and one shared
// state for each thread. It forgets nobody: tokens can be handed on to whatever the receiver calls.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>
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
    receiver_.request_stop();
    if (receiver_.joinable()) receiver_.join();
  }

  std::uint64_t requests(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = requests_.find(key);
    return found == requests_.end() ? 0 : found->second;
  }

 private:
  void receive(const std::stop_token& stop) {
    for (bool last = false; !last;) {
      std::unique_lock lock(mutex_);
      arrived_.wait(lock, stop, [this] { return !inbox_.empty(); });
      last = stop.stop_requested();
      for (const auto& record : inbox_) ++requests_[record.key];
      inbox_.clear();
    }
  }

  mutable std::mutex mutex_;  // Guards inbox_ and requests_.
  std::condition_variable_any arrived_;
  std::vector<redis::Record> inbox_;
  std::unordered_map<std::string, std::uint64_t> requests_;
  std::jthread receiver_{[this](const std::stop_token& stop) { receive(stop); }};  // Ends first.
};

}  // namespace stop_flag
