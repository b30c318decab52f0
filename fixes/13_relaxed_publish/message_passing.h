// The list belongs to one thread, which alone adds to it and walks it. Everyone else sends it
// records, and questions.
//
// Happens-before: each send to its receipt, so only the owner ever touches the list; and each
// answer to the end of the question. Costs: two wake-ups a question, and capture waits behind a
// walk when the queue is full. A list made for walking without a lock is wasted here.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "drill/channel.h"
#include "redis/record.h"

namespace relaxed_publish {

class Collector {
 public:
  void add(const redis::Record& record) {
    send(Message([record](State& state) {
      state.nodes.push_back(std::unique_ptr<const Node>(new Node{record, state.head}));
      state.head = state.nodes.back().get();
    }));
  }

  // The newest record of the key.
  std::optional<redis::Record> find(const std::string& key) const {
    std::optional<redis::Record> found;
    ask([&](const State& state) {
      const auto* node = state.head;
      while (node && node->record.key != key) node = node->next;
      if (node) found = node->record;
    });
    return found;
  }

 private:
  static constexpr std::size_t kMessagesMax = 1'000;
  struct Node {
    redis::Record record;
    const Node* next;
  };
  struct State {
    std::deque<std::unique_ptr<const Node>> nodes;
    const Node* head = nullptr;
  };
  using Message = std::packaged_task<void(State&)>;

  void send(Message message) const { messages_.send(std::move(message)); }

  // Returns when the owner has answered.
  void ask(std::function<void(State&)> question) const {
    Message message(std::move(question));
    auto answered = message.get_future();
    send(std::move(message));
    answered.get();
  }

  void own(std::stop_token stop) {
    State state;
    while (auto message = messages_.receive(stop)) (*message)(state);
  }

  mutable drill::Channel<Message> messages_{kMessagesMax};
  std::jthread owner_{[this](std::stop_token stop) { own(std::move(stop)); }};  // Ends first.
};

}  // namespace relaxed_publish
