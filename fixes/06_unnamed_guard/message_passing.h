// An owner thread keeps the slowest; there is no guard to forget the name of.
//
// Happens-before: each send to its receipt, so only the owner ever touches the slowest; and each
// answer to the question's end. Costs: a queue operation and often a wake-up a record, for one
// comparison.
#pragma once

#include <cstddef>
#include <future>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>
#include <variant>

#include "drill/channel.h"
#include "redis/record.h"

namespace unnamed_guard {

class Collector {
 public:
  void add(const redis::Record& record) { messages_.send(record); }

  std::optional<redis::Record> slowest() const {
    Question question;
    auto answer = question.get_future();
    messages_.send(std::move(question));
    return answer.get();
  }

 private:
  static constexpr std::size_t kMessagesMax = 1'000;
  using Question = std::promise<std::optional<redis::Record>>;
  using Message = std::variant<redis::Record, Question>;

  void own(std::stop_token stop) {
    std::optional<redis::Record> slowest;
    while (auto message = messages_.receive(stop)) {
      if (auto* question = std::get_if<Question>(&*message)) {
        question->set_value(slowest);
      } else {
        const auto& record = std::get<redis::Record>(*message);
        if (!slowest || record.latency_us > slowest->latency_us) slowest = record;
      }
    }
  }

  mutable drill::Channel<Message> messages_{kMessagesMax};
  std::jthread owner_{[this](std::stop_token stop) { own(std::move(stop)); }};  // Ends first.
};

}  // namespace unnamed_guard
