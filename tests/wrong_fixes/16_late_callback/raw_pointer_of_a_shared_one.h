// Refused: race: the counts are in a shared_ptr, so that callbacks can keep them alive. What the
// callbacks hold is get()'s plain pointer, which keeps nothing.
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
    callbacks_.send([counts = counts_.get(), key = record.key] { ++(*counts)[key]; });
  }

  Counts counts() const {
    const auto answer = std::make_shared<std::promise<Counts>>();
    auto counts = answer->get_future();
    callbacks_.send([this, answer] { answer->set_value(*counts_); });
    return counts.get();
  }

 private:
  static constexpr std::size_t kCallbacksMax = 1'000;

  void work(const std::stop_token& stop) {
    while (const auto callback = callbacks_.receive(stop)) (*callback)();
  }

  mutable drill::Channel<std::function<void()>> callbacks_{kCallbacksMax};
  std::jthread worker_{[this](const std::stop_token& stop) { work(stop); }};
  std::shared_ptr<Counts> counts_ = std::make_shared<Counts>();
};

}  // namespace late_callback
