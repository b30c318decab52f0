// Right: a concurrent queue of oneTBB carries strings; questions too.
#pragma once

#include <tbb/concurrent_queue.h>

#include <cstddef>
#include <future>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include "redis/record.h"

namespace send_then_touch {

using Counts = std::map<std::string, std::size_t>;

class Collector {
 public:
  void add(const redis::Record& record) { messages_.push(Message{record.key, nullptr}); }

  Counts counts() const {
    const auto question = std::make_shared<std::promise<Counts>>();
    auto answer = question->get_future();
    messages_.push(Message{{}, question});
    return answer.get();
  }

 private:
  struct Message {
    std::string key;
    std::shared_ptr<std::promise<Counts>> question;
  };
  void append(const std::stop_token& stop) {
    Counts counts;
    for (Message message; !stop.stop_requested();) {
      if (!messages_.try_pop(message)) {
        std::this_thread::yield();
      } else if (message.question) {
        message.question->set_value(counts);
      } else {
        ++counts[message.key];
      }
    }
  }
  mutable tbb::concurrent_queue<Message> messages_;
  std::jthread appender_{[this](const std::stop_token& stop) { append(stop); }};
};
}  // namespace send_then_touch
