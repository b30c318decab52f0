// add() gives a worker a callback that counts the record, and returns. A callback may come late:
// the fields of a class end in the reverse order of their declaration, so the counts are gone
// before the worker has ended. This one is C++'s own: where memory is collected it cannot happen.
//
// Fault: use after free: count() against ~Collector(), on counts_.
#pragma once

#include <cstddef>
#include <functional>
#include <future>
#include <map>
#include <memory>
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

  void count(const std::string& key) { ++counts_[key]; }

  mutable drill::Channel<std::function<void()>> callbacks_{kCallbacksMax};
  std::jthread worker_{[this](const std::stop_token& stop) { work(stop); }};
  Counts counts_;  // Touched by the worker alone.
};

}  // namespace late_callback
