// A message shares its key through a shared_ptr. Right: each message has a string of its own, which
// is const from the start, and nobody needs to be ordered to read what nobody writes.
#pragma once

#include <cstddef>
#include <future>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <variant>

#include "drill/channel.h"
#include "redis/record.h"

namespace send_then_touch {

using Counts = std::map<std::string, std::size_t>;  // Records by key.

class Collector {
 public:
  void add(const redis::Record& record) {
    messages_.send(std::make_shared<const std::string>(record.key));
  }

  Counts counts() const {
    std::promise<Counts> question;
    auto answer = question.get_future();
    messages_.send(std::move(question));
    return answer.get();
  }

 private:
  static constexpr std::size_t kMessagesMax = 1'000;
  using Key = std::shared_ptr<const std::string>;
  using Message = std::variant<Key, std::promise<Counts>>;

  void append(std::stop_token stop) {
    Counts counts;
    while (auto message = messages_.receive(stop)) {
      if (auto* question = std::get_if<std::promise<Counts>>(&*message)) {
        question->set_value(counts);
      } else {
        ++counts[*std::get<Key>(*message)];
      }
    }
  }

  mutable drill::Channel<Message> messages_{kMessagesMax};
  std::jthread appender_{[this](std::stop_token stop) { append(std::move(stop)); }};  // Ends first.
};

}  // namespace send_then_touch
