// Refused: wrong_result: links its node to the head that it saw and puts it in that one's place, or
// tries again, three times at most.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <utility>

#include "redis/record.h"

namespace relaxed_publish {

class Collector {
 public:
  Collector() = default;
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;
  ~Collector() {
    for (const auto* node = head_.load(); node;) delete std::exchange(node, node->next);
  }

  void add(const redis::Record& record) {
    auto* node = new Node{record, head_.load(std::memory_order_relaxed)};
    for (int i = 0; i < 3; ++i) {
      if (head_.compare_exchange_weak(node->next, node, std::memory_order_release)) return;
    }
    delete node;
  }

  // The newest record of the key.
  std::optional<redis::Record> find(const std::string& key) const {
    const auto* node = head_.load(std::memory_order_acquire);  // Pairs with add().
    while (node && node->record.key != key) node = node->next;
    if (!node) return std::nullopt;
    return node->record;
  }

 private:
  struct Node {
    redis::Record record;
    const Node* next;
  };

  std::atomic<const Node*> head_ = nullptr;
};

}  // namespace relaxed_publish
