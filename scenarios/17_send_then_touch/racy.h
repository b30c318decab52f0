// Capture threads send the keys of their records to an appender, which counts them. No map is
// shared; but what is sent is a view of the buffer, and the buffer is filled again at once. Kyanos
// too touched records after it had sent them.
//
// Fault: data race: write in add() against read in append(), on buffer_.
#pragma once

#include <cstddef>
#include <future>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "drill/channel.h"
#include "redis/record.h"

namespace send_then_touch {

using Counts = std::map<std::string, std::size_t>;  // Records by key.

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    buffer_.assign(record.key.begin(), record.key.end());
    messages_.send(std::string_view(buffer_.data(), buffer_.size()));
  }

  Counts counts() const {
    std::promise<Counts> question;
    auto answer = question.get_future();
    messages_.send(std::move(question));
    return answer.get();
  }

 private:
  static constexpr std::size_t kMessagesMax = 1'000;
  using Message = std::variant<std::string_view, std::promise<Counts>>;

  void append(std::stop_token stop) {
    Counts counts;
    while (auto message = messages_.receive(stop)) {
      if (auto* question = std::get_if<std::promise<Counts>>(&*message)) {
        question->set_value(counts);
      } else {
        ++counts[std::string(std::get<std::string_view>(*message))];
      }
    }
  }

  std::mutex mutex_;  // Guards buffer_.
  std::vector<char> buffer_;
  mutable drill::Channel<Message> messages_{kMessagesMax};
  std::jthread appender_{[this](std::stop_token stop) { append(std::move(stop)); }};  // Ends first.
};

}  // namespace send_then_touch
