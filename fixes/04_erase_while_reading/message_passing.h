// An owner thread keeps the map; records, sweeps and questions come to it one after the other.
//
// Happens-before: each send to its receipt, so only the owner ever walks through the map; and each
// answer to the question's end.
// Costs: a queue operation and often a wake-up a call. A sweep holds up all that is queued behind
// it, and senders wait when the queue is full.
#pragma once

#include <cstddef>
#include <cstdint>
#include <future>
#include <stop_token>
#include <thread>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "drill/channel.h"
#include "redis/record.h"

namespace erase_while_reading {

class Collector {
 public:
  void add(const redis::Record& record) { send(record); }

  // Forgets each connection whose latest request began before `oldest_us`.
  void sweep(std::int64_t oldest_us) {
    Sweep sweep{oldest_us, {}};
    auto done = sweep.done.get_future();
    send(std::move(sweep));
    done.get();
  }

  // The latest record of each connection, in no order.
  std::vector<redis::Record> active() const {
    Question question;
    auto answer = question.get_future();
    send(std::move(question));
    return answer.get();
  }

 private:
  static constexpr std::size_t kMessagesMax = 1'000;
  using Latest = std::unordered_map<std::uint32_t, redis::Record>;  // By connection.
  struct Sweep {
    std::int64_t oldest_us;
    std::promise<void> done;
  };
  using Question = std::promise<std::vector<redis::Record>>;
  using Message = std::variant<redis::Record, Sweep, Question>;

  void send(Message message) const { messages_.send(std::move(message)); }

  static void handle(Latest& latest, redis::Record& record) { latest[record.connection] = record; }
  static void handle(Latest& latest, Sweep& sweep) {
    std::erase_if(latest,
                  [&](const auto& entry) { return entry.second.start_us < sweep.oldest_us; });
    sweep.done.set_value();
  }
  static void handle(Latest& latest, Question& question) {
    std::vector<redis::Record> records;
    for (const auto& [connection, record] : latest) records.push_back(record);
    question.set_value(std::move(records));
  }

  void own(std::stop_token stop) {
    Latest latest;
    while (auto message = messages_.receive(stop)) {
      std::visit([&latest](auto& each) { handle(latest, each); }, *message);
    }
  }

  mutable drill::Channel<Message> messages_{kMessagesMax};
  std::jthread owner_{[this](std::stop_token stop) { own(std::move(stop)); }};  // Ends first.
};

}  // namespace erase_while_reading
