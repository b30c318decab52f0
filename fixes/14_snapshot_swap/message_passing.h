// An owner thread has the pointer, makes the tables and hands them out. Readers ask for the current
// one and walk it on their own thread.
//
// Happens-before: each send to its receipt, so only the owner ever touches the pointer; and each
// answer to the end of the question, so the making of a table to walking it.
// Costs: two wake-ups a lookup, behind the records that are queued. Worth it where a reader keeps
// its snapshot for long; an owner that copies the table for each record has no better idea of time.
#pragma once

#include <cstddef>
#include <future>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <variant>

#include "drill/channel.h"
#include "redis/record.h"

namespace snapshot_swap {

class Collector {
 public:
  void add(const redis::Record& record) { send(record); }

  // The latest record of the key.
  std::optional<redis::Record> find(const std::string& key) const {
    const auto snapshot = latest();
    const auto found = snapshot->find(key);
    if (found == snapshot->end()) return std::nullopt;
    return found->second;
  }

  std::size_t size() const {
    const auto snapshot = latest();
    return snapshot->size();
  }

 private:
  static constexpr std::size_t kMessagesMax = 1'000;
  using Records = std::unordered_map<std::string, redis::Record>;  // By key.
  using Question = std::promise<std::shared_ptr<const Records>>;
  using Message = std::variant<redis::Record, Question>;

  void send(Message message) const { messages_.send(std::move(message)); }

  std::shared_ptr<const Records> latest() const {
    Question question;
    auto answer = question.get_future();
    send(std::move(question));
    return answer.get();
  }

  void own(std::stop_token stop) {
    auto snapshot = std::make_shared<const Records>();
    while (auto message = messages_.receive(stop)) {
      if (auto* question = std::get_if<Question>(&*message)) {
        question->set_value(snapshot);
      } else {
        const auto& record = std::get<redis::Record>(*message);
        auto next = std::make_shared<Records>(*snapshot);
        (*next)[record.key] = record;
        snapshot = std::move(next);
      }
    }
  }

  mutable drill::Channel<Message> messages_{kMessagesMax};
  std::jthread owner_{[this](std::stop_token stop) { own(std::move(stop)); }};  // Ends first.
};

}  // namespace snapshot_swap
