// The store releases and the load acquires: who sees the head sees what was written before it was
// one.
//
// Happens-before: the store in add() to the load in find() that sees it, so the making of every
// record in the list to walking over it. Costs: nothing on x86, where every store releases and
// every load acquires already; an instruction elsewhere. A reader may miss the newest record for a
// moment, never see half of one.
#pragma once

#include <atomic>
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
    // Relaxed: whoever stored it held the mutex.
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

  std::mutex mutex_;  // Guards nodes_, which own the list. Walking it needs no lock.
  std::deque<std::unique_ptr<const Node>> nodes_;
  std::atomic<const Node*> head_ = nullptr;
};

}  // namespace relaxed_publish
