// The lock that orders the writers orders the reader too. The head can be a plain pointer again.
//
// Happens-before: each unlock to the next lock of mutex_, so every add() to every later find().
// Costs: the whole walk is under the lock, and capture waits for it. The lock is needed for the
// head alone: what it points to never changes.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "redis/record.h"

namespace relaxed_publish {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    nodes_.push_back(std::unique_ptr<const Node>(new Node{record, head_}));
    head_ = nodes_.back().get();
  }

  // The newest record of the key.
  std::optional<redis::Record> find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto* node = head_;
    while (node && node->record.key != key) node = node->next;
    if (!node) return std::nullopt;
    return node->record;
  }

 private:
  struct Node {
    redis::Record record;
    const Node* next;
  };

  mutable std::mutex mutex_;  // Guards nodes_ and head_.
  std::deque<std::unique_ptr<const Node>> nodes_;
  const Node* head_ = nullptr;
};

}  // namespace relaxed_publish
