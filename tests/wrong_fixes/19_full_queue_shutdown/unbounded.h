// Refused: wrong_result: no bound, nobody waits, nothing hangs. When the receiver is slower than
// Redis, the inbox takes all the memory that there is.
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
  // `inbox_max`: records that wait for the receiver at most, at least 1.
  explicit Collector(std::size_t inbox_max = 1'000) : inbox_max_(inbox_max) {}
  ~Collector() { stop(); }

  // Waits for room. True: the record is counted by the time that a stop returns. False: stopped.
  bool add(const redis::Record& record) {
    std::unique_lock lock(mutex_);
    if (stopped_) return false;
    inbox_.push_back(record);
    arrived_.notify_one();
    return true;
  }

  // Returns when the receiver has counted what was taken, and ended. For one thread.
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    arrived_.notify_one();
    room_.notify_all();
    if (receiver_.joinable()) receiver_.join();
  }

  // Records that wait for the receiver.
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

  [[maybe_unused]] const std::size_t inbox_max_;
  mutable std::mutex mutex_;  // Guards inbox_, requests_ and stopped_.
  std::condition_variable arrived_;
  std::condition_variable room_;
  std::deque<redis::Record> inbox_;
  std::unordered_map<std::string, std::uint64_t> requests_;
  bool stopped_ = false;
  std::thread receiver_{[this] { receive(); }};  // Ends first.
};

}  // namespace full_queue_shutdown
