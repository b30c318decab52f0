// Right: observers only ever come, so theirs is a list that grows at its head, whole at every
// moment: a node is linked to the rest before the exchange that shows it.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "redis/record.h"

namespace callback_under_lock {

class Collector {
 public:
  Collector() = default;
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;
  ~Collector() {
    for (auto* node = head_.load(); node;) delete std::exchange(node, node->next);
  }

  // Called by the thread that adds a record, before add() returns. It may call the collector.
  using Observer = std::function<void(const redis::Record&)>;

  void add(const redis::Record& record) {
    {
      const std::lock_guard lock(mutex_);
      records_[record.key] = record;
    }
    // Pairs with the exchange in subscribe().
    auto* node = head_.load(std::memory_order_acquire);
    for (; node; node = node->next) node->observer(record);
  }

  void subscribe(Observer observer) {
    auto* node = new Node{std::move(observer), head_.load(std::memory_order_relaxed)};
    // Release pairs with the load in add(). A failed exchange has put the newer head into next.
    while (!head_.compare_exchange_weak(node->next, node, std::memory_order_release,
                                        std::memory_order_relaxed)) {
    }
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

 private:
  struct Node {
    Observer observer;
    Node* next;
  };

  mutable std::mutex mutex_;  // Guards records_.
  std::unordered_map<std::string, redis::Record> records_;
  std::atomic<Node*> head_ = nullptr;
};

}  // namespace callback_under_lock
