// Refused: race: the reader acquires what nobody released: the other side of the same agreement.
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
    const auto* head = head_.load(std::memory_order_relaxed);
    nodes_.push_back(std::unique_ptr<const Node>(new Node{record, head}));
    head_.store(nodes_.back().get(), std::memory_order_relaxed);
  }

  // The newest record of the key.
  std::optional<redis::Record> find(const std::string& key) const {
    const auto* node = head_.load(std::memory_order_acquire);
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
