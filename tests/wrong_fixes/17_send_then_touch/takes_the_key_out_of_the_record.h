// Refused: wrong_result: saves the copy by a move, out of a record that is not its own.
#pragma once

#include <cstddef>
#include <future>
#include <map>
#include <mutex>
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
    messages_.send(std::move(const_cast<std::string&>(record.key)));
  }

  Counts counts() const {
    std::promise<Counts> question;
    auto answer = question.get_future();
    messages_.send(std::move(question));
    return answer.get();
  }

 private:
  static constexpr std::size_t kMessagesMax = 1'000;
  using Message = std::variant<std::string, std::promise<Counts>>;

  void append(std::stop_token stop) {
    Counts counts;
    while (auto message = messages_.receive(stop)) {
      if (auto* question = std::get_if<std::promise<Counts>>(&*message)) {
        question->set_value(counts);
      } else {
        ++counts[std::move(std::get<std::string>(*message))];
      }
    }
  }

  std::mutex mutex_;

  mutable drill::Channel<Message> messages_{kMessagesMax};
  std::jthread appender_{[this](std::stop_token stop) { append(std::move(stop)); }};  // Ends first.
};

}  // namespace send_then_touch
