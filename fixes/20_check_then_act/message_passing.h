// An owner thread checks and acts; nobody else can come between, since nobody else has the map.
//
// Happens-before: each send to its receipt; the owner deals with one message at a time.
// Costs: a queue operation and often a wake-up a record. The decision must be the owner's: ask
// first and send afterwards, and the check is stale again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <future>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <variant>

#include "drill/channel.h"
#include "redis/record.h"

namespace check_then_act {

class Collector {
 public:
  void add(const redis::Record& record) { send(record); }

  std::uint64_t hits(const std::string& key) const {
    Question question{key, {}};
    auto answer = question.answer.get_future();
    send(std::move(question));
    return answer.get();
  }

 private:
  static constexpr std::size_t kMessagesMax = 1'000;
  using Hits = std::unordered_map<std::string, std::uint64_t>;
  struct Question {
    std::string key;
    std::promise<std::uint64_t> answer;
  };
  using Message = std::variant<redis::Record, Question>;

  void send(Message message) const { messages_.send(std::move(message)); }

  static void handle(Hits& hits, redis::Record& record) {
    const bool known = hits.contains(record.key);
    if (known) {
      ++hits[record.key];
    } else {
      hits[record.key] = 1;
    }
  }
  static void handle(Hits& hits, Question& question) {
    const auto found = hits.find(question.key);
    question.answer.set_value(found == hits.end() ? 0 : found->second);
  }

  void own(std::stop_token stop) {
    Hits hits;
    while (auto message = messages_.receive(stop)) {
      std::visit([&hits](auto& each) { handle(hits, each); }, *message);
    }
  }

  mutable drill::Channel<Message> messages_{kMessagesMax};
  std::jthread owner_{[this](std::stop_token stop) { own(std::move(stop)); }};  // Ends first.
};

}  // namespace check_then_act
