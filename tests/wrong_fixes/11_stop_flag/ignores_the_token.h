// Refused: deadlock: a std::jthread comes with a stop token, so it can be stopped; if somebody
// looks at the token. Like Kyanos's senders, which ignored their context and hung at shutdown.
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
      last = stop.stop_requested();
      std::unique_lock lock(mutex_);
      arrived_.wait(lock, [this] { return !inbox_.empty(); });
      for (const auto& record : inbox_) ++requests_[record.key];
      inbox_.clear();
    }
  }

  mutable std::mutex mutex_;  // Guards inbox_ and requests_.
  std::condition_variable arrived_;
  std::vector<redis::Record> inbox_;
  std::unordered_map<std::string, std::uint64_t> requests_;
  std::jthread receiver_{[this](const std::stop_token& stop) { receive(stop); }};
};

}  // namespace stop_flag
