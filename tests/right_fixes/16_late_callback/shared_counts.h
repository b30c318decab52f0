// Each callback holds a share of the counts. Right: a late one keeps them alive until it is done,
// and it needs nothing else of the collector.
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
    callbacks_.send([counts = counts_, key = record.key] { ++(*counts)[key]; });
  }

  Counts counts() const {
    const auto answer = std::make_shared<std::promise<Counts>>();
    auto result = answer->get_future();
    callbacks_.send([counts = counts_, answer] { answer->set_value(*counts); });
    return result.get();
  }

 private:
  static constexpr std::size_t kCallbacksMax = 1'000;

  void work(const std::stop_token& stop) {
    while (const auto callback = callbacks_.receive(stop)) (*callback)();
  }

  mutable drill::Channel<std::function<void()>> callbacks_{kCallbacksMax};
  std::jthread worker_{[this](const std::stop_token& stop) { work(stop); }};
  std::shared_ptr<Counts> counts_ = std::make_shared<Counts>();  // Touched by the worker alone.
};

}  // namespace late_callback
