// Refused: wrong_result: a release store is dear on some machines, so it is done for four records
// at a time. The last three are never seen.
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
    newest_ = new Node{record, newest_};
    nodes_.push_back(std::unique_ptr<const Node>(newest_));
    if (nodes_.size() % 4 == 0) head_.store(newest_, std::memory_order_release);
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
  const Node* newest_ = nullptr;
  std::atomic<const Node*> head_ = nullptr;
};

}  // namespace relaxed_publish
