// Refused: race: a volatile pointer, "so that nobody keeps it in a register". It is neither atomic
// nor ordered with the record.
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
    const Node* node = head_;
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
  const Node* volatile head_ = nullptr;
};

}  // namespace relaxed_publish
