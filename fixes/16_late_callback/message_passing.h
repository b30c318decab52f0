// What is sent is a record, not a callback that holds `this`. The counts are the worker's own, on
// its stack, and end when it does: there is nothing that it could outlive.
//
// Happens-before: each send to its receipt; each answer to the question's end; and the worker's end
// to its join, before the queue ends.
// Costs: a message says only what was foreseen, where a callback can do anything. Every kind of
// question needs its place in the variant.
#pragma once

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

namespace late_callback {

using Counts = std::map<std::string, std::size_t>;  // Records by key.

class Collector {
 public:
  void add(const redis::Record& record) { messages_.send(record.key); }

  Counts counts() const {
    std::promise<Counts> question;
    auto counts = question.get_future();
    messages_.send(std::move(question));
    return counts.get();
  }

 private:
  static constexpr std::size_t kMessagesMax = 1'000;
  using Message = std::variant<std::string, std::promise<Counts>>;

  void work(const std::stop_token& stop) {
    Counts counts;
    while (auto message = messages_.receive(stop)) {
      if (auto* question = std::get_if<std::promise<Counts>>(&*message)) {
        question->set_value(counts);
      } else {
        ++counts[std::get<std::string>(*message)];
      }
    }
  }

  mutable drill::Channel<Message> messages_{kMessagesMax};
  std::jthread worker_{[this](const std::stop_token& stop) { work(stop); }};  // Ends first.
};

}  // namespace late_callback
