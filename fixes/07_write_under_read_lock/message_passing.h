// An owner thread looks up and counts; a lookup is a message like any other, so it may write.
//
// Happens-before: each send to its receipt, so only the owner ever touches the entries; and each
// answer to the question's end. Costs: a queue operation and often a wake-up a call; lookups wait
// behind the records queued before them, and never run side by side.
#pragma once

#include <cstddef>
#include <cstdint>
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

namespace write_under_read_lock {

class Collector {
 public:
  void add(const redis::Record& record) { send(record); }

  // Counts as a look at the key when there is a record.
  std::optional<redis::Record> find(const std::string& key) const {
    return ask<std::optional<redis::Record>>(Find{key, {}});
  }

  // How often find() found the key.
  std::uint64_t looks(const std::string& key) const { return ask<std::uint64_t>(Looks{key, {}}); }

 private:
  static constexpr std::size_t kMessagesMax = 1'000;
  struct Entry {
    redis::Record record;
    std::uint64_t looks = 0;
  };
  using Entries = std::unordered_map<std::string, Entry>;  // By key.
  struct Find {
    std::string key;
    std::promise<std::optional<redis::Record>> answer;
  };
  struct Looks {
    std::string key;
    std::promise<std::uint64_t> answer;
  };
  using Message = std::variant<redis::Record, Find, Looks>;

  void send(Message message) const { messages_.send(std::move(message)); }
  template <class Answer, class Question>
  Answer ask(Question question) const {
    auto answer = question.answer.get_future();
    send(std::move(question));
    return answer.get();
  }

  static void handle(Entries& entries, redis::Record& record) {
    entries[record.key].record = record;
  }
  static void handle(Entries& entries, Find& find) {
    const auto found = entries.find(find.key);
    if (found == entries.end()) return find.answer.set_value(std::nullopt);
    ++found->second.looks;
    find.answer.set_value(found->second.record);
  }
  static void handle(Entries& entries, Looks& looks) {
    const auto found = entries.find(looks.key);
    looks.answer.set_value(found == entries.end() ? 0 : found->second.looks);
  }

  void own(std::stop_token stop) {
    Entries entries;
    while (auto message = messages_.receive(stop)) {
      std::visit([&entries](auto& each) { handle(entries, each); }, *message);
    }
  }

  mutable drill::Channel<Message> messages_{kMessagesMax};
  std::jthread owner_{[this](std::stop_token stop) { own(std::move(stop)); }};  // Ends first.
};

}  // namespace write_under_read_lock
