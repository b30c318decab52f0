// The table belongs to one thread, which makes it when the first message comes. The others send it
// records to count, and questions.
//
// Happens-before: each send to its receipt, so only the owner ever touches the table; and each
// answer to the end of the question. Costs: a queue operation a record and two wake-ups a question,
// for a lookup in a table that never changes. The owner must exist before anything is known to be
// needed: lazy it is not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>

#include "drill/channel.h"
#include "redis/record.h"

namespace lazy_init {

enum class Kind { kOther, kRead, kWrite };
using Kinds = std::unordered_map<std::string, Kind>;

inline Kinds usual_kinds() {
  return {
      {"GET", Kind::kRead}, {"LRANGE", Kind::kRead}, {"SET", Kind::kWrite}, {"INCR", Kind::kWrite}};
}

class Collector {
 public:
  // `make` reads the table from somewhere slow: not before it is needed, and once.
  explicit Collector(std::function<Kinds()> make = usual_kinds) : make_(std::move(make)) {}

  void add(const redis::Record& record) {
    send(Message([command = record.command](State& state) {
      if (state.kind_of(command) == Kind::kWrite) ++state.writes;
    }));
  }

  Kind kind_of(const std::string& command) {
    auto kind = Kind::kOther;
    ask([&](const State& state) { kind = state.kind_of(command); });
    return kind;
  }

  std::uint64_t writes() const {
    std::uint64_t writes = 0;
    ask([&writes](const State& state) { writes = state.writes; });
    return writes;
  }

 private:
  static constexpr std::size_t kMessagesMax = 1'000;
  struct State {
    Kind kind_of(const std::string& command) const {
      const auto found = kinds.find(command);
      return found == kinds.end() ? Kind::kOther : found->second;
    }
    Kinds kinds;
    std::uint64_t writes = 0;
  };
  using Message = std::packaged_task<void(State&)>;

  void send(Message message) const { messages_.send(std::move(message)); }

  // Returns when the owner has answered.
  void ask(std::function<void(State&)> question) const {
    Message message(std::move(question));
    auto answered = message.get_future();
    send(std::move(message));
    answered.get();
  }

  void own(std::stop_token stop) {
    std::optional<State> state;
    while (auto message = messages_.receive(stop)) {
      if (!state) state = State{.kinds = make_()};
      (*message)(*state);
    }
  }

  const std::function<Kinds()> make_;
  mutable drill::Channel<Message> messages_{kMessagesMax};
  std::jthread owner_{[this](std::stop_token stop) { own(std::move(stop)); }};  // Ends first.
};

}  // namespace lazy_init
