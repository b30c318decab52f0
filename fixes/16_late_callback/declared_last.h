// Two lines change places. The thread is declared last, so it is joined first, while all that its
// callbacks use is still there.
//
// Happens-before: the worker's end, and so each callback, to the join in ~jthread(), which comes
// before the end of counts_.
// Costs: nothing at run time. The order of the fields now has a meaning, and must be told.
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
  Counts counts_;  // Touched by the worker alone.
  std::jthread worker_{[this](const std::stop_token& stop) { work(stop); }};  // Ends first.
};

}  // namespace late_callback
