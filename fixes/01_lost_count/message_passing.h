// An owner thread counts; everyone else sends it records, and questions.
//
// Happens-before: each send to its receipt, so only the owner ever touches the totals; and each
// answer to the question's end.
// Costs: a queue operation and often a wake-up a record, for two additions. Senders wait when the
// queue is full, and a query waits behind all records queued before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <future>
#include <stop_token>
#include <thread>
#include <utility>
#include <variant>

#include "drill/channel.h"
#include "redis/record.h"

namespace lost_count {

class Collector {
 public:
  void add(const redis::Record& record) { messages_.send(record); }

  std::uint64_t records() const { return ask().records; }

  std::uint64_t bytes() const { return ask().bytes; }

 private:
  static constexpr std::size_t kMessagesMax = 1'000;
  struct Totals {
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;
  };
  using Question = std::promise<Totals>;
  using Message = std::variant<redis::Record, Question>;

  Totals ask() const {
    Question question;
    auto answer = question.get_future();
    messages_.send(std::move(question));
    return answer.get();
  }

  void own(std::stop_token stop) {
    Totals totals;
    while (auto message = messages_.receive(stop)) {
      if (auto* question = std::get_if<Question>(&*message)) {
        question->set_value(totals);
      } else {
        const auto& record = std::get<redis::Record>(*message);
        ++totals.records;
        totals.bytes += record.request_bytes + record.response_bytes;
      }
    }
  }

  mutable drill::Channel<Message> messages_{kMessagesMax};
  std::jthread owner_{[this](std::stop_token stop) { own(std::move(stop)); }};  // Ends first.
};

}  // namespace lost_count
