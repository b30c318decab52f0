// An owner thread keeps the stats and answers with a copy. Its map is a local variable: there is
// nothing that a pointer could be asked for.
//
// Happens-before: each send to its receipt, so only the owner ever touches the map; and each answer
// to the question's end. Costs: a queue operation and often a wake-up a call, and still the copy.
// An answer that holds a pointer would escape from an owner as it does from a lock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <future>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <variant>

#include "drill/channel.h"
#include "redis/record.h"

namespace escaped_reference {

// What the screen shows of a key.
class Stats {
 public:
  void add(const redis::Record& record) {
    ++requests_;
    latency_us_ += record.latency_us;
    ++commands_[record.command];
  }

  std::int64_t requests() const { return requests_; }
  std::int64_t mean_latency_us() const { return requests_ == 0 ? 0 : latency_us_ / requests_; }
  std::int64_t count(const std::string& command) const {
    const auto found = commands_.find(command);
    return found == commands_.end() ? 0 : found->second;
  }

 private:
  std::int64_t requests_ = 0;
  std::int64_t latency_us_ = 0;  // Of all of them.
  std::map<std::string, std::int64_t> commands_;
};

class Collector {
 public:
  void add(const redis::Record& record) { send(record); }

  // The stats of the key as they are now; none when it never came.
  std::optional<Stats> find(const std::string& key) const {
    Question question{key, {}};
    auto answer = question.answer.get_future();
    send(std::move(question));
    return answer.get();
  }

 private:
  static constexpr std::size_t kMessagesMax = 1'000;
  using StatsByKey = std::unordered_map<std::string, Stats>;
  struct Question {
    std::string key;
    std::promise<std::optional<Stats>> answer;
  };
  using Message = std::variant<redis::Record, Question>;

  void send(Message message) const { messages_.send(std::move(message)); }

  static void handle(StatsByKey& stats, redis::Record& record) { stats[record.key].add(record); }
  static void handle(StatsByKey& stats, Question& question) {
    const auto found = stats.find(question.key);
    question.answer.set_value(found == stats.end() ? std::nullopt : std::optional(found->second));
  }

  void own(std::stop_token stop) {
    StatsByKey stats;
    while (auto message = messages_.receive(stop)) {
      std::visit([&stats](auto& each) { handle(stats, each); }, *message);
    }
  }

  mutable drill::Channel<Message> messages_{kMessagesMax};
  std::jthread owner_{[this](std::stop_token stop) { own(std::move(stop)); }};  // Ends first.
};

}  // namespace escaped_reference
