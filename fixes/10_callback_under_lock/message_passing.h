// An owner thread keeps records and observers; everyone else sends it work. It hands out the list
// of observers and calls none: they run on the thread that adds, and may ask the owner what they
// like.
//
// Happens-before: each send to its receipt, so only the owner ever touches its data; and each
// answer to the end of the question. Costs: add() waits for an answer, two wake-ups a record. An
// observer that the owner itself called would wait for the owner: the same deadlock, with a queue
// for a lock.
#pragma once

#include <cstddef>
#include <functional>
#include <future>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "drill/channel.h"
#include "redis/record.h"

namespace callback_under_lock {

class Collector {
 public:
  // Called by the thread that adds a record, before add() returns. It may call the collector.
  using Observer = std::function<void(const redis::Record&)>;

  void add(const redis::Record& record) {
    std::vector<Observer> observers;
    ask([&](State& state) {
      state.records[record.key] = record;
      observers = state.observers;
    });
    for (const auto& observer : observers) observer(record);
  }

  void subscribe(Observer observer) {
    ask([&observer](State& state) { state.observers.push_back(std::move(observer)); });
  }

  std::optional<redis::Record> find(const std::string& key) const {
    std::optional<redis::Record> record;
    ask([&](const State& state) {
      const auto found = state.records.find(key);
      if (found != state.records.end()) record = found->second;
    });
    return record;
  }

 private:
  static constexpr std::size_t kMessagesMax = 1'000;
  struct State {
    std::unordered_map<std::string, redis::Record> records;
    std::vector<Observer> observers;
  };
  using Message = std::packaged_task<void(State&)>;

  // Returns when the owner has answered.
  void ask(std::function<void(State&)> question) const {
    Message message(std::move(question));
    auto answered = message.get_future();
    messages_.send(std::move(message));
    answered.get();
  }

  void own(std::stop_token stop) {
    State state;
    while (auto message = messages_.receive(stop)) (*message)(state);
  }

  mutable drill::Channel<Message> messages_{kMessagesMax};
  std::jthread owner_{[this](std::stop_token stop) { own(std::move(stop)); }};  // Ends first.
};

}  // namespace callback_under_lock
