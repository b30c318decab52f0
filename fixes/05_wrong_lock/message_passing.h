// An owner thread keeps the totals. There is no lock to choose, so no wrong one.
//
// Happens-before: each send to its receipt, so only the owner ever touches the totals; and each
// answer to the question's end. Costs: a queue operation and often a wake-up a record. A question
// waits behind all records queued before it, and senders wait when the queue is full.
#pragma once

#include <cstddef>
#include <cstdint>
#include <future>
#include <map>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <variant>

#include "drill/channel.h"
#include "redis/record.h"

namespace wrong_lock {

struct Totals {
  std::uint64_t requests = 0;
  std::int64_t latency_us = 0;

  friend bool operator==(const Totals&, const Totals&) = default;
};

class Collector {
 public:
  void add(const redis::Record& record) { send(record); }

  // Nothing before the first record of the command.
  Totals totals(const std::string& command) const {
    Question question{command, {}};
    auto answer = question.answer.get_future();
    send(std::move(question));
    return answer.get();
  }

 private:
  static constexpr std::size_t kMessagesMax = 1'000;
  using AllTotals = std::map<std::string, Totals>;  // By command.
  struct Question {
    std::string command;
    std::promise<Totals> answer;
  };
  using Message = std::variant<redis::Record, Question>;

  void send(Message message) const { messages_.send(std::move(message)); }

  static void handle(AllTotals& all, redis::Record& record) {
    auto& totals = all[record.command];
    ++totals.requests;
    totals.latency_us += record.latency_us;
  }
  static void handle(AllTotals& all, Question& question) {
    const auto found = all.find(question.command);
    question.answer.set_value(found == all.end() ? Totals{} : found->second);
  }

  void own(std::stop_token stop) {
    AllTotals all;
    while (auto message = messages_.receive(stop)) {
      std::visit([&all](auto& each) { handle(all, each); }, *message);
    }
  }

  mutable drill::Channel<Message> messages_{kMessagesMax};
  std::jthread owner_{[this](std::stop_token stop) { own(std::move(stop)); }};  // Ends first.
};

}  // namespace wrong_lock
