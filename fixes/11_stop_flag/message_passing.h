// To stop is a message like any other, the last one: it takes its place in the queue behind the
// records that were sent before it.
//
// Happens-before: each send to its receipt, so stop() to the end of receive(); each unlock to the
// next lock of mutex_, for the counts; and the end of the receiver to stop()'s return, by join().
// Costs: a stop waits its turn behind up to a thousand records, where a flag is seen at once. A
// sender waits while the queue is full.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>

#include "drill/channel.h"
#include "redis/record.h"

namespace stop_flag {

class Collector {
 public:
  ~Collector() { stop(); }

  void add(const redis::Record& record) { messages_.send(record, receiver_.get_stop_token()); }

  // Returns when the receiver has counted what was added before, and ended. For one thread.
  void stop() {
    if (!receiver_.joinable()) return;
    messages_.send(std::nullopt, receiver_.get_stop_token());
    receiver_.join();
    receiver_.request_stop();  // Nobody receives any more: no sender must wait for room.
  }

  std::uint64_t requests(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = requests_.find(key);
    return found == requests_.end() ? 0 : found->second;
  }

 private:
  static constexpr std::size_t kMessagesMax = 1'000;
  using Message = std::optional<redis::Record>;  // None: stop.

  void receive(std::stop_token stop) {
    while (const auto message = messages_.receive(stop)) {
      const auto& record = *message;
      if (!record) return;
      const std::lock_guard lock(mutex_);
      ++requests_[record->key];
    }
  }

  mutable std::mutex mutex_;  // Guards requests_.
  std::unordered_map<std::string, std::uint64_t> requests_;
  drill::Channel<Message> messages_{kMessagesMax};
  std::jthread receiver_{
      [this](std::stop_token stop) { receive(std::move(stop)); }};  // Ends first.
};

}  // namespace stop_flag
