// An owner thread keeps the records, and a list of who waits for which key. To wait is to send the
// owner a promise, which it keeps at once, when the record comes, or at the close. The owner does
// one thing at a time, so nothing comes between its look and its note of who waits.
//
// Happens-before: each send to its receipt, so only the owner ever touches its data; and each
// promise kept to the end of the wait for it. Costs: a thread; a queue operation a record, and two
// wake-ups for each answer. In return only those are woken whose record has come.
#pragma once

#include <cstddef>
#include <future>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>

#include "drill/channel.h"
#include "redis/record.h"

namespace lost_wakeup {

class Collector {
 public:
  void add(const redis::Record& record) {
    send(Message([record](State& state) {
      state.records[record.key] = record;
      const auto [begin, end] = state.waiting.equal_range(record.key);
      for (auto each = begin; each != end; ++each) each->second.set_value(record);
      state.waiting.erase(begin, end);
    }));
  }

  // Ends every wait: there will be no more records.
  void close() {
    send(Message([](State& state) {
      state.closed = true;
      for (auto& [key, answer] : state.waiting) answer.set_value(std::nullopt);
      state.waiting.clear();
    }));
  }

  // The latest record of `key`; waits for the first. None when closed before there was one.
  std::optional<redis::Record> await(const std::string& key) const { return ask(key, true); }

  std::optional<redis::Record> find(const std::string& key) const { return ask(key, false); }

 private:
  static constexpr std::size_t kMessagesMax = 1'000;
  using Answer = std::promise<std::optional<redis::Record>>;
  struct State {
    std::unordered_map<std::string, redis::Record> records;
    std::multimap<std::string, Answer> waiting;  // By key.
    bool closed = false;
  };
  using Message = std::packaged_task<void(State&)>;

  void send(Message message) const { messages_.send(std::move(message)); }

  std::optional<redis::Record> ask(const std::string& key, bool waits) const {
    Answer answer;
    auto answered = answer.get_future();
    send(Message([&](State& state) {
      const auto found = state.records.find(key);
      if (found != state.records.end()) return answer.set_value(found->second);
      if (!waits || state.closed) return answer.set_value(std::nullopt);
      state.waiting.emplace(key, std::move(answer));
    }));
    return answered.get();
  }

  void own(std::stop_token stop) {
    State state;
    while (auto message = messages_.receive(stop)) (*message)(state);
  }

  mutable drill::Channel<Message> messages_{kMessagesMax};
  std::jthread owner_{[this](std::stop_token stop) { own(std::move(stop)); }};  // Ends first.
};

}  // namespace lost_wakeup
