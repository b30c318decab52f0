// An owner keeps the records in the order of arrival, and answers with a copy. The screen sorts the
// copy on its own thread.
//
// Happens-before: each send to its receipt, so only the owner ever touches the records; and each
// answer to the question's end.
// Costs: a queue operation and often a wake-up a record; the screen waits behind what is queued. An
// owner that sorted its own list for the answer would have the fault again, without any lock.
#pragma once

#include <algorithm>
#include <cstddef>
#include <future>
#include <stop_token>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "drill/channel.h"
#include "redis/record.h"

namespace sort_then_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {}

  void add(const redis::Record& record) { messages_.send(record); }

  // The newest records, slowest first.
  std::vector<redis::Record> slowest() const {
    auto records = arrived();
    std::sort(records.begin(), records.end(), slower);
    return records;
  }

 private:
  static constexpr std::size_t kMessagesMax = 1'000;
  using Question = std::promise<std::vector<redis::Record>>;
  using Message = std::variant<redis::Record, Question>;

  static bool slower(const redis::Record& a, const redis::Record& b) {
    return a.latency_us > b.latency_us;
  }

  std::vector<redis::Record> arrived() const {
    Question question;
    auto answer = question.get_future();
    messages_.send(std::move(question));
    return answer.get();
  }

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

}  // namespace sort_then_trim
