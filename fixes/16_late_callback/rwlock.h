// A gate that callbacks pass side by side: they share the lock, the destructor takes it alone. It
// keeps the collector from ending meanwhile; it does not guard counts_, which one worker touches.
//
// Happens-before: each unlock to the next lock of mutex_ where either is exclusive, so every
// count() that found the gate open to ~Collector(), and ~Collector() to every one that comes late.
// Costs: a shared lock a callback, dearer than a mutex. It pays once several workers run callbacks.
#pragma once

#include <cstddef>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "drill/channel.h"
#include "redis/record.h"

namespace late_callback {

using Counts = std::map<std::string, std::size_t>;  // Records by key.

class Collector {
 public:
  ~Collector() {
    const std::unique_lock lock(mutex_);
    ended_ = true;
  }

  void add(const redis::Record& record) {
    callbacks_.send([this, key = record.key] { count(key); });
  }

  Counts counts() const {
    const auto answer = std::make_shared<std::promise<Counts>>();
    auto counts = answer->get_future();
    callbacks_.send([this, answer] { answer->set_value(counts_); });
    return counts.get();
  }

 private:
  static constexpr std::size_t kCallbacksMax = 1'000;

  void work(const std::stop_token& stop) {
    while (const auto callback = callbacks_.receive(stop)) (*callback)();
  }

  void count(const std::string& key) {
    const std::shared_lock lock(mutex_);
    if (!ended_) ++counts_[key];
  }

  std::shared_mutex mutex_;  // Guards ended_. A callback holds it shared as long as it runs.
  bool ended_ = false;
  mutable drill::Channel<std::function<void()>> callbacks_{kCallbacksMax};
  std::jthread worker_{[this](const std::stop_token& stop) { work(stop); }};
  Counts counts_;  // Touched by the worker alone.
};

}  // namespace late_callback
