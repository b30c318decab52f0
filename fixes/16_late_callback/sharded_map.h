// Shards, each with a worker of its own for its counts. A shard is built to be ended: its worker is
// declared last and ends first, so no callback outlives its shard.
//
// Happens-before: each send to its receipt; each answer to the question's end; and each worker's
// end to its join, which comes before the end of its counts.
// Costs: a thread a shard, and a question to each for counts(). It pays where callbacks are long.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "drill/channel.h"
#include "redis/record.h"

namespace late_callback {

using Counts = std::map<std::string, std::size_t>;  // Records by key.

class Collector {
 public:
  void add(const redis::Record& record) {
    auto& shard = shards_[std::hash<std::string>{}(record.key) % kShards];
    shard.call([&shard, key = record.key] { ++shard.counts[key]; });
  }

  Counts counts() const {
    Counts counts;
    for (auto& shard : shards_) {
      const auto answer = std::make_shared<std::promise<Counts>>();
      auto part = answer->get_future();
      shard.call([&shard, answer] { answer->set_value(shard.counts); });
      counts.merge(part.get());
    }
    return counts;
  }

 private:
  static constexpr std::size_t kShards = 2;
  static constexpr std::size_t kCallbacksMax = 1'000;
  struct Shard {
    void call(std::function<void()> callback) { callbacks.send(std::move(callback)); }
    void work(const std::stop_token& stop) {
      while (const auto callback = callbacks.receive(stop)) (*callback)();
    }

    drill::Channel<std::function<void()>> callbacks{kCallbacksMax};
    Counts counts;  // Touched by the worker alone.
    std::jthread worker{[this](const std::stop_token& stop) { work(stop); }};  // Ends first.
  };

  mutable std::array<Shard, kShards> shards_;
};

}  // namespace late_callback
