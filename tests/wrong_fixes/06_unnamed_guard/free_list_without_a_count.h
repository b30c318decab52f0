// Refused: race: nodes are used again, and an exchange on the head of the free list takes a
// head that went and came back for one that stayed (ABA).
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <utility>

#include "redis/record.h"

namespace unnamed_guard {

class Collector {
 public:
  Collector() {
    for (auto& node : nodes_) push(&node);
  }
  void add(const redis::Record& record) {
    Node* fresh = nullptr;
    while ((fresh = pop()) == nullptr) {
    }
    fresh->record = record;
    {
      const std::lock_guard lock(mutex_);
      if (slowest_ == nullptr || record.latency_us > slowest_->record.latency_us) {
        std::swap(slowest_, fresh);
      }
    }
    if (fresh != nullptr) push(fresh);
  }
  std::optional<redis::Record> slowest() const {
    const std::lock_guard lock(mutex_);
    if (slowest_ == nullptr) return std::nullopt;
    return slowest_->record;
  }

 private:
  struct Node {
    redis::Record record;
    std::atomic<Node*> next{nullptr};
  };
  void push(Node* node) {
    Node* head = free_.load();
    do {
      node->next = head;
    } while (!free_.compare_exchange_weak(head, node));
  }
  Node* pop() {
    Node* head = free_.load();
    while (head != nullptr && !free_.compare_exchange_weak(head, head->next.load())) {
    }
    return head;
  }
  Node nodes_[32];
  std::atomic<Node*> free_{nullptr};
  mutable std::mutex mutex_;
  Node* slowest_ = nullptr;
};

}  // namespace unnamed_guard
