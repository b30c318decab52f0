// Refused: race: with release and acquire in place it is "lock-free now", and the mutex went. It
// had kept the writers apart, who still share nodes_ and take the same head twice.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "redis/record.h"

namespace relaxed_publish {

class Collector {
 public:
  void add(const redis::Record& record) {
    const auto* head = head_.load(std::memory_order_relaxed);
    nodes_.push_back(std::unique_ptr<const Node>(new Node{record, head}));
    head_.store(nodes_.back().get(), std::memory_order_release);  // Pairs with find().
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

  std::deque<std::unique_ptr<const Node>> nodes_;
  std::atomic<const Node*> head_ = nullptr;
};

}  // namespace relaxed_publish
