// Four buffers go round: a sender takes a free one, the appender gives it back once it has counted.
// Right: a buffer is with one thread at a time, and both ways lead through a queue.
#pragma once

#include <cstddef>
#include <future>
#include <map>
#include <stop_token>
#include <string>
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
    auto buffer = free_.receive(appender_.get_stop_token());
    if (!buffer) return;
    buffer->assign(record.key.begin(), record.key.end());
    messages_.send(std::move(*buffer));
  }

  Counts counts() const {
    std::promise<Counts> question;
    auto answer = question.get_future();
    messages_.send(std::move(question));
    return answer.get();
  }

 private:
  static constexpr std::size_t kMessagesMax = 1'000;
  static constexpr std::size_t kBuffersMax = 4;
  using Buffer = std::vector<char>;
  using Message = std::variant<Buffer, std::promise<Counts>>;

  void append(std::stop_token stop) {
    Counts counts;
    for (std::size_t i = 0; i < kBuffersMax; ++i) free_.send(Buffer(), stop);
    while (auto message = messages_.receive(stop)) {
      if (auto* question = std::get_if<std::promise<Counts>>(&*message)) {
        question->set_value(counts);
      } else {
        auto& buffer = std::get<Buffer>(*message);
        ++counts[std::string(buffer.begin(), buffer.end())];
        free_.send(std::move(buffer), stop);
      }
    }
  }

  drill::Channel<Buffer> free_{kBuffersMax};  // Buffers that nobody uses.
  mutable drill::Channel<Message> messages_{kMessagesMax};
  std::jthread appender_{[this](std::stop_token stop) { append(std::move(stop)); }};  // Ends first.
};

}  // namespace send_then_touch
