// The inbox, its bound and the stop have one mutex, since senders wait for all three at once; the
// counts are in shards with a lock each, so that the receiver counts while senders go on.
//
// Happens-before: each unlock to the next lock of mutex_, so a record is in the inbox before the
// receiver's last round, or its sender sees the flag; of a shard's mutex, from counting to queries;
// and the end of the receiver to stop()'s return. Costs: a second lock a record; and as many
// records again as the inbox holds are in the receiver's hands, uncounted yet.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>

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
    room_.wait(lock, [this] { return stopped_ || inbox_.size() < inbox_max_; });
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
    const auto shard = shard_of(key);
    const std::lock_guard lock(mutexes_[shard]);
    const auto found = requests_[shard].find(key);
    return found == requests_[shard].end() ? 0 : found->second;
  }

 private:
  static constexpr std::size_t kShards = 16;
  using Hash = std::hash<std::string>;
  static std::size_t shard_of(const std::string& key) { return Hash{}(key) % kShards; }
  void receive() {
    for (;;) {
      std::unique_lock lock(mutex_);
      arrived_.wait(lock, [this] { return stopped_ || !inbox_.empty(); });
      if (inbox_.empty()) return;  // Stopped, and all is counted.
      const auto records = std::exchange(inbox_, {});
      lock.unlock();
      room_.notify_all();
      for (const auto& record : records) {
        const auto shard = shard_of(record.key);
        const std::lock_guard shard_lock(mutexes_[shard]);
        ++requests_[shard][record.key];
      }
    }
  }

  const std::size_t inbox_max_;
  mutable std::mutex mutex_;  // Guards inbox_ and stopped_.
  std::condition_variable arrived_;
  std::condition_variable room_;
  std::deque<redis::Record> inbox_;
  mutable std::array<std::mutex, kShards> mutexes_;  // Each guards the counts of its shard.
  std::array<std::unordered_map<std::string, std::uint64_t>, kShards> requests_;
  bool stopped_ = false;
  std::thread receiver_{[this] { receive(); }};  // Ends first.
};

}  // namespace full_queue_shutdown
