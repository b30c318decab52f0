// Refused: race: fences order the nodes, and nothing orders the count of long walks. Only a load
// has any: there ThreadSanitizer's word counts, fences or not.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "redis/record.h"

namespace relaxed_publish {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    const auto* head = head_.load(std::memory_order_relaxed);
    nodes_.push_back(std::unique_ptr<const Node>(new Node{record, head}));
    std::atomic_thread_fence(std::memory_order_release);
    head_.store(nodes_.back().get(), std::memory_order_relaxed);
  }
  std::optional<redis::Record> find(const std::string& key) const {
    const auto* node = head_.load(std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_acquire);
    int steps = 0;
    for (; node && node->record.key != key; node = node->next) ++steps;
    if (steps > 20) ++long_walks_;
    if (!node) return std::nullopt;
    return node->record;
  }

 private:
  struct Node {
    redis::Record record;
    const Node* next;
  };
  mutable std::uint64_t long_walks_ = 0;
  std::mutex mutex_;
  std::deque<std::unique_ptr<const Node>> nodes_;
  std::atomic<const Node*> head_ = nullptr;
};

}  // namespace relaxed_publish
