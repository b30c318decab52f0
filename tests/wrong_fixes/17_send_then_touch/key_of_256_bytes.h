// Refused: wrong_result: a message of a fixed size owns what it says, without an allocation. A key
// that does not fit is cut, and is counted with those that begin as it does.
#pragma once

#include <array>
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

using Counts = std::map<std::string, std::size_t>;  // Records by key.

class Collector {
 public:
  void add(const redis::Record& record) {
    Key key;
    key.size = record.key.copy(key.bytes.data(), key.bytes.size());
    messages_.send(key);
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
    std::array<char, 256> bytes;
    std::size_t size;
  };
  using Message = std::variant<Key, std::promise<Counts>>;

  void append(std::stop_token stop) {
    Counts counts;
    while (auto message = messages_.receive(stop)) {
      if (auto* question = std::get_if<std::promise<Counts>>(&*message)) {
        question->set_value(counts);
      } else {
        const auto& key = std::get<Key>(*message);
        ++counts[std::string(key.bytes.data(), key.size)];
      }
    }
  }

  mutable drill::Channel<Message> messages_{kMessagesMax};
  std::jthread appender_{[this](std::stop_token stop) { append(std::move(stop)); }};  // Ends first.
};

}  // namespace send_then_touch
