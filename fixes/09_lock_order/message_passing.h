// Each collector's counts belong to a thread of its own. Whoever merges asks the one owner to hand
// over, then sends the other what it got: nobody waits for one owner while another waits for him.
//
// Happens-before: each send to its receipt, so only its owner ever touches a collector's counts;
// and each answer to the end of the question. Costs: a thread a collector and a queue operation a
// record. While a merge is on its way the counts are in neither collector.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>

#include "drill/channel.h"
#include "redis/record.h"

namespace lock_order {

class Collector {
 public:
  void add(const redis::Record& record) {
    send(Message([key = record.key](Requests& requests) { ++requests[key]; }));
  }

  // Takes over what `other` has counted; it counts on from nothing.
  void merge(Collector& other) {
    if (this == &other) return;
    Requests taken;
    other.ask([&taken](Requests& requests) { taken = std::exchange(requests, {}); });
    ask([&taken](Requests& requests) {
      for (const auto& [key, count] : taken) requests[key] += count;
    });
  }

  std::uint64_t requests(const std::string& key) const {
    std::uint64_t count = 0;
    ask([&](const Requests& requests) {
      const auto found = requests.find(key);
      if (found != requests.end()) count = found->second;
    });
    return count;
  }

 private:
  static constexpr std::size_t kMessagesMax = 1'000;
  using Requests = std::unordered_map<std::string, std::uint64_t>;
  using Message = std::packaged_task<void(Requests&)>;

  void send(Message message) const { messages_.send(std::move(message)); }

  // Returns when the owner has answered.
  void ask(std::function<void(Requests&)> question) const {
    Message message(std::move(question));
    auto answered = message.get_future();
    send(std::move(message));
    answered.get();
  }

  void own(std::stop_token stop) {
    Requests requests;
    while (auto message = messages_.receive(stop)) (*message)(requests);
  }

  mutable drill::Channel<Message> messages_{kMessagesMax};
  std::jthread owner_{[this](std::stop_token stop) { own(std::move(stop)); }};  // Ends first.
};

}  // namespace lock_order
