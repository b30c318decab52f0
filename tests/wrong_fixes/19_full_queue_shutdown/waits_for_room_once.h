// Refused: wrong_result: waits for room once, without looking again. Of two who are told of one
// place both take it.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

#include "redis/record.h"

namespace full_queue_shutdown {

class Collector {
 public:
  explicit Collector(std::size_t inbox_max = 1'000) : inbox_max_(inbox_max) {}
  ~Collector() { stop(); }
  bool add(const redis::Record& record) {
    std::unique_lock lock(mutex_);
    if (!stopped_ && inbox_.size() >= inbox_max_) room_.wait(lock);
    if (stopped_) return false;
    inbox_.push_back(record);
    arrived_.notify_one();
    return true;
  }
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
      room_.notify_all();
      arrived_.notify_one();
    }
    if (receiver_.joinable()) receiver_.join();
  }
  std::size_t backlog() const {
    const std::lock_guard lock(mutex_);
    return inbox_.size();
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
      room_.notify_all();
    }
  }
  const std::size_t inbox_max_;
  mutable std::mutex mutex_;
  std::deque<redis::Record> inbox_;
  std::unordered_map<std::string, std::uint64_t> requests_;
  std::condition_variable arrived_;
  std::condition_variable room_;
  bool stopped_ = false;
  std::thread receiver_{[this] { receive(); }};
};

}  // namespace full_queue_shutdown
