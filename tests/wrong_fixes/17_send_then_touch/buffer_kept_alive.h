// Refused: race: a shared_ptr in each message keeps the buffer alive until the appender is done. It
// was alive before; a shared_ptr shares, and the next add() fills the very same buffer.
#pragma once

#include <cstddef>
#include <future>
#include <map>
#include <memory>
#include <mutex>
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
    const std::lock_guard lock(mutex_);
    buffer_->assign(record.key.begin(), record.key.end());
    messages_.send(buffer_);
  }

  Counts counts() const {
    std::promise<Counts> question;
    auto answer = question.get_future();
    messages_.send(std::move(question));
    return answer.get();
  }

 private:
  static constexpr std::size_t kMessagesMax = 1'000;
  using Buffer = std::shared_ptr<std::vector<char>>;
  using Message = std::variant<Buffer, std::promise<Counts>>;

  void append(std::stop_token stop) {
    Counts counts;
    while (auto message = messages_.receive(stop)) {
      if (auto* question = std::get_if<std::promise<Counts>>(&*message)) {
        question->set_value(counts);
      } else {
        const auto& key = *std::get<Buffer>(*message);
        ++counts[std::string(key.begin(), key.end())];
      }
    }
  }

  std::mutex mutex_;  // Guards buffer_.
  Buffer buffer_ = std::make_shared<std::vector<char>>();
  mutable drill::Channel<Message> messages_{kMessagesMax};
  std::jthread appender_{[this](std::stop_token stop) { append(std::move(stop)); }};  // Ends first.
};

}  // namespace send_then_touch
