// Right: the reader takes the lock for one pointer, and walks without it. Nodes never change once
// they are in the list, and last as long as the collector.
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
    const auto* node = head();
    while (node && node->record.key != key) node = node->next;
    if (!node) return std::nullopt;
    return node->record;
  }

 private:
  struct Node {
    redis::Record record;
    const Node* next;
  };

  const Node* head() const {
    const std::lock_guard lock(mutex_);
    return head_;
  }

  mutable std::mutex mutex_;  // Guards nodes_ and head_.
  std::deque<std::unique_ptr<const Node>> nodes_;
  const Node* head_ = nullptr;
};

}  // namespace relaxed_publish
