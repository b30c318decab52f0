// Right, without a mutex: each writer links its node to the head that it saw, and puts it in that
// one's place, or tries again.
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
    // Release pairs with the load in find(); a failed exchange has put the newer head into next.
    while (!head_.compare_exchange_weak(node->next, node, std::memory_order_release,
                                        std::memory_order_relaxed)) {
    }
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
