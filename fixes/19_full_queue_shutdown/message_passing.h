// The inbox is a channel, and a stop goes in the direction of the records: first the senders are
// told, then waited for until the last of them has left, and only then is the receiver told, which
// takes what they left behind.
//
// Happens-before: each send to its receipt; each sender's shared lock of gate_ to stop()'s, so what
// was taken is in the channel before the receiver is told; and its end to stop()'s return. Costs: a
// shared lock and two locks in the channel a record, and a notification for each record each way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <shared_mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>

#include "drill/channel.h"
#include "redis/record.h"

namespace full_queue_shutdown {

class Collector {
 public:
  // `inbox_max`: records that wait for the receiver at most, at least 1.
  explicit Collector(std::size_t inbox_max = 1'000) : inbox_(inbox_max) {}
  ~Collector() { stop(); }

  // Waits for room. True: the record is counted by the time that a stop returns. False: stopped.
  bool add(const redis::Record& record) {
    const std::shared_lock sending(gate_);
    return !stop_.stop_requested() && inbox_.send(record, stop_.get_token());
  }

  // Returns when the receiver has counted what was taken, and ended. For one thread.
  void stop() {
    stop_.request_stop();  // Ends every sender's wait, which leaves the gate.
    { const std::unique_lock nobody_sends(gate_); }
    receiver_.request_stop();
    if (receiver_.joinable()) receiver_.join();
  }

  // Records that wait for the receiver.
  std::size_t backlog() const { return inbox_.size(); }

  std::uint64_t requests(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = requests_.find(key);
    return found == requests_.end() ? 0 : found->second;
  }

 private:
  void receive(std::stop_token stop) {
    while (const auto record = inbox_.receive(stop)) {
      const std::lock_guard lock(mutex_);
      ++requests_[record->key];
    }
  }

  drill::Channel<redis::Record> inbox_;
  std::stop_source stop_;     // Of the senders.
  std::shared_mutex gate_;    // Held, shared, by each sender: for a stop to see the last one leave.
  mutable std::mutex mutex_;  // Guards requests_.
  std::unordered_map<std::string, std::uint64_t> requests_;
  std::jthread receiver_{
      [this](std::stop_token stop) { receive(std::move(stop)); }};  // Ends first.
};

}  // namespace full_queue_shutdown
