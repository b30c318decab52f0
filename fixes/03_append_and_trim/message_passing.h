// What Kyanos grew into: records go over a bounded channel to an owner that appends and trims,
// until it is cancelled; the screen asks the owner.
//
// Happens-before: each send to its receipt, so only the owner ever touches the records; and each
// answer to the question's end.
// Costs: a queue operation and often a wake-up a record. The screen waits behind all records queued
// before its question, and capture threads wait when the queue is full.
#pragma once

#include <cstddef>
#include <future>
#include <stop_token>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "drill/channel.h"
#include "redis/record.h"

namespace append_and_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {}

  void add(const redis::Record& record) { messages_.send(record); }

  std::vector<redis::Record> recent() const {
    Question question;
    auto answer = question.get_future();
    messages_.send(std::move(question));
    return answer.get();
  }

 private:
  static constexpr std::size_t kMessagesMax = 1'000;
  using Question = std::promise<std::vector<redis::Record>>;
  using Message = std::variant<redis::Record, Question>;

  void own(std::stop_token stop) {
    std::vector<redis::Record> records;  // Newest last.
    while (auto message = messages_.receive(stop)) {
      if (auto* question = std::get_if<Question>(&*message)) {
        question->set_value(records);
      } else {
        records.push_back(std::get<redis::Record>(std::move(*message)));
        if (records.size() > records_max_) records.erase(records.begin());
      }
    }
  }

  const std::size_t records_max_;
  mutable drill::Channel<Message> messages_{kMessagesMax};
  std::jthread owner_{[this](std::stop_token stop) { own(std::move(stop)); }};  // Ends first.
};

}  // namespace append_and_trim
