// An owner thread keeps the map; everyone else sends it records, and questions.
//
// Happens-before: each send to its receipt, so only the owner ever touches the map; and each answer
// to the question's end. Costs: a queue operation and often a wake-up a call. A lookup waits behind
// all records queued before it, and senders wait when the queue is full.
#pragma once

#include <cstddef>
#include <future>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <variant>

#include "drill/channel.h"
#include "redis/record.h"

namespace map_read_write {

class Collector {
 public:
  void add(const redis::Record& record) { send(record); }

  std::optional<redis::Record> find(const std::string& key) const {
    Find find{key, {}};
    auto answer = find.answer.get_future();
    send(std::move(find));
    return answer.get();
  }

  std::size_t size() const {
    Size size;
    auto answer = size.answer.get_future();
    send(std::move(size));
    return answer.get();
  }

 private:
  static constexpr std::size_t kMessagesMax = 1'000;
  using Records = std::unordered_map<std::string, redis::Record>;
  struct Find {
    std::string key;
    std::promise<std::optional<redis::Record>> answer;
  };
  struct Size {
    std::promise<std::size_t> answer;
  };
  using Message = std::variant<redis::Record, Find, Size>;

  void send(Message message) const { messages_.send(std::move(message)); }

  static void handle(Records& records, redis::Record& record) { records[record.key] = record; }
  static void handle(Records& records, Find& find) {
    const auto found = records.find(find.key);
    find.answer.set_value(found == records.end() ? std::nullopt : std::optional(found->second));
  }
  static void handle(Records& records, Size& size) { size.answer.set_value(records.size()); }

  void own(std::stop_token stop) {
    Records records;
    while (auto message = messages_.receive(stop)) {
      std::visit([&records](auto& each) { handle(records, each); }, *message);
    }
  }

  mutable drill::Channel<Message> messages_{kMessagesMax};
  std::jthread owner_{[this](std::stop_token stop) { own(std::move(stop)); }};  // Ends first.
};

}  // namespace map_read_write
