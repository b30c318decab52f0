// Refused: race: every access to the counts is under one lock, in every function. The destructor is
// a function too, one that nobody wrote.
#pragma once

#include <cstddef>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "drill/channel.h"
#include "redis/record.h"

namespace late_callback {

using Counts = std::map<std::string, std::size_t>;  // Records by key.

class Collector {
 public:
  void add(const redis::Record& record) {
    callbacks_.send([this, key = record.key] { count(key); });
  }

  Counts counts() const {
    const auto answer = std::make_shared<std::promise<void>>();
    auto all_counted = answer->get_future();
    callbacks_.send([answer] { answer->set_value(); });
    all_counted.wait();
    const std::lock_guard lock(mutex_);
    return counts_;
  }

 private:
  static constexpr std::size_t kCallbacksMax = 1'000;

  void work(const std::stop_token& stop) {
    while (const auto callback = callbacks_.receive(stop)) (*callback)();
  }

  void count(const std::string& key) {
    const std::lock_guard lock(mutex_);
    ++counts_[key];
  }

  mutable std::mutex mutex_;  // Guards counts_.
  mutable drill::Channel<std::function<void()>> callbacks_{kCallbacksMax};
  std::jthread worker_{[this](const std::stop_token& stop) { work(stop); }};
  Counts counts_;
};

}  // namespace late_callback
