// Refused: race: the worker became a base class, which joins its thread in its destructor. By then
// the derived part is gone: its counts, and its count(), which the worker calls through the vtable.
#pragma once

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

class Worker {
 public:
  virtual ~Worker() {
    worker_.request_stop();
    worker_.join();
  }

  void add(const redis::Record& record) {
    call([this, key = record.key] { count(key); });
  }

 protected:
  using Callback = std::function<void()>;

  void call(Callback callback) const { callbacks_.send(std::move(callback)); }
  virtual void count(const std::string& /*key*/) {}

 private:
  static constexpr std::size_t kCallbacksMax = 1'000;

  void work(const std::stop_token& stop) {
    while (const auto callback = callbacks_.receive(stop)) (*callback)();
  }

  mutable drill::Channel<Callback> callbacks_{kCallbacksMax};
  std::jthread worker_{[this](const std::stop_token& stop) { work(stop); }};
};

class Collector : public Worker {
 public:
  Counts counts() const {
    const auto answer = std::make_shared<std::promise<Counts>>();
    auto counts = answer->get_future();
    call([this, answer] { answer->set_value(counts_); });
    return counts.get();
  }

 private:
  void count(const std::string& key) override { ++counts_[key]; }

  Counts counts_;  // Touched by the worker alone.
};

}  // namespace late_callback
