// An owner thread keeps the totals and deals with one message at a time: a record is added whole
// before the next question is answered.
//
// Happens-before: each send to its receipt, so only the owner ever touches the totals; and each
// answer to the question's end.
// Costs: a queue operation and often a wake-up for two additions. And the answer has to hold both
// totals: to ask for the one and then for the other is the fault again.
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

namespace torn_totals {

class Collector {
 public:
  void add(const redis::Record& record) { send(record); }

  std::int64_t requests() const { return totals().requests; }

  // Of all requests so far; 0 when there are none.
  std::int64_t mean_latency_us() const {
    const auto [requests, latency_us] = totals();
    return requests == 0 ? 0 : latency_us / requests;
  }

 private:
  static constexpr std::size_t kMessagesMax = 1'000;
  struct Totals {
    std::int64_t requests = 0;
    std::int64_t latency_us = 0;  // Of all of them.
  };
  using Question = std::promise<Totals>;
  using Message = std::variant<redis::Record, Question>;

  void send(Message message) const { messages_.send(std::move(message)); }

  Totals totals() const {
    Question question;
    auto answer = question.get_future();
    send(std::move(question));
    return answer.get();
  }

  void own(std::stop_token stop) {
    Totals totals;
    while (auto message = messages_.receive(stop)) {
      if (auto* question = std::get_if<Question>(&*message)) {
        question->set_value(totals);
      } else {
        ++totals.requests;
        totals.latency_us += std::get<redis::Record>(*message).latency_us;
      }
    }
  }

  mutable drill::Channel<Message> messages_{kMessagesMax};
  std::jthread owner_{[this](std::stop_token stop) { own(std::move(stop)); }};  // Ends first.
};

}  // namespace torn_totals
