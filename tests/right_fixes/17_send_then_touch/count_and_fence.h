// Right: a key with a count of its own, two holders, lowered with release and an acquire fence
// before the delete.
#pragma once

#include <atomic>
#include <cstddef>
#include <future>
#include <map>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <variant>

#include "drill/channel.h"
#include "redis/record.h"

namespace send_then_touch {

using Counts = std::map<std::string, std::size_t>;

class Collector {
 public:
  void add(const redis::Record& record) {
    auto* key = new Key{record.key};
    messages_.send(key);
    let_go(key);
  }

  Counts counts() const {
    std::promise<Counts> question;
    auto answer = question.get_future();
    messages_.send(std::move(question));
    return answer.get();
  }

 private:
  static constexpr std::size_t kMessagesMax = 1'000;

  struct Key {
    std::string text;
    std::atomic<int> holders = 2;
  };
  static void let_go(Key* key) {
    if (key->holders.fetch_sub(1, std::memory_order_release) != 1) return;
    std::atomic_thread_fence(std::memory_order_acquire);
    delete key;
  }

  using Sent = Key*;
  using Message = std::variant<Sent, std::promise<Counts>>;

  void append(std::stop_token stop) {
    Counts counts;
    while (auto message = messages_.receive(stop)) {
      if (auto* question = std::get_if<std::promise<Counts>>(&*message)) {
        question->set_value(counts);
      } else {
        auto& sent = std::get<Sent>(*message);

        ++counts[sent->text];
        let_go(sent);
      }
    }
  }

  mutable drill::Channel<Message> messages_{kMessagesMax};
  std::jthread appender_{[this](std::stop_token stop) { append(std::move(stop)); }};
};
}  // namespace send_then_touch
