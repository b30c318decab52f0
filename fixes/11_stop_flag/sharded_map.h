// The inbox and its flag have one mutex; the counts are in shards with a lock each, so that who
// asks does not hold up who adds, or stops.
//
// Happens-before: each unlock to the next lock of mutex_, so stop() to the last round of receive();
// of a shard's mutex, from counting to the queries; and the end of the receiver to stop()'s return.
// Costs: a second lock for each record that is counted. The flag itself is one: there is nothing in
// it to shard.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
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
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    arrived_.notify_one();
    if (receiver_.joinable()) receiver_.join();
  }

  std::uint64_t requests(const std::string& key) const {
    const auto& shard = shards_[shard_of(key)];
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.requests.find(key);
    return found == shard.requests.end() ? 0 : found->second;
  }

 private:
  static constexpr std::size_t kShards = 16;
  struct Shard {
    mutable std::mutex mutex;  // Guards requests.
    std::unordered_map<std::string, std::uint64_t> requests;
  };

  static std::size_t shard_of(const std::string& key) {
    return std::hash<std::string>{}(key) % kShards;
  }

  void receive() {
    for (bool last = false; !last;) {
      std::vector<redis::Record> records;
      {
        std::unique_lock lock(mutex_);
        arrived_.wait(lock, [this] { return stopped_ || !inbox_.empty(); });
        last = stopped_;
        records.swap(inbox_);
      }
      for (const auto& record : records) count(record.key);
    }
  }

  void count(const std::string& key) {
    auto& shard = shards_[shard_of(key)];
    const std::lock_guard lock(shard.mutex);
    ++shard.requests[key];
  }

  std::mutex mutex_;  // Guards inbox_ and stopped_.
  std::condition_variable arrived_;
  std::vector<redis::Record> inbox_;
  std::array<Shard, kShards> shards_;
  bool stopped_ = false;
  std::thread receiver_{[this] { receive(); }};  // Ends first.
};

}  // namespace stop_flag
