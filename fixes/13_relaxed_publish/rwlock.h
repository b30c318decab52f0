// A read-write lock: adding takes it alone, walks share it. The head can be a plain pointer again.
//
// Happens-before: each unlock to the next lock of mutex_ where either is exclusive, so every add()
// to every later find(). Costs: readers do not wait for each other, yet capture still waits for the
// longest walk. Long walks side by side are what this lock is good at.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>

#include "redis/record.h"

namespace relaxed_publish {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::unique_lock lock(mutex_);
    nodes_.push_back(std::unique_ptr<const Node>(new Node{record, head_}));
    head_ = nodes_.back().get();
  }

  // The newest record of the key.
  std::optional<redis::Record> find(const std::string& key) const {
    const std::shared_lock lock(mutex_);
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

  mutable std::shared_mutex mutex_;  // Guards nodes_ and head_.
  std::deque<std::unique_ptr<const Node>> nodes_;
  const Node* head_ = nullptr;
};

}  // namespace relaxed_publish
