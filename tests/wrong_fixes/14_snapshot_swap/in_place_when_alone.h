// Refused: race: the copy is dear, so add() changes the table in place when use_count() says that
// nobody else has it. A reader may take it the moment after.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "redis/record.h"

namespace snapshot_swap {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard one_writer(writing_);
    if (snapshot_.use_count() == 1) {
      (*snapshot_)[record.key] = record;
      return;
    }
    auto next = std::make_shared<Records>(*latest());
    (*next)[record.key] = record;
    publish(std::move(next));
  }

  // The latest record of the key.
  std::optional<redis::Record> find(const std::string& key) const {
    const auto snapshot = latest();
    const auto found = snapshot->find(key);
    if (found == snapshot->end()) return std::nullopt;
    return found->second;
  }

  std::size_t size() const {
    const auto snapshot = latest();
    return snapshot->size();
  }

 private:
  using Records = std::unordered_map<std::string, redis::Record>;  // By key.

  std::shared_ptr<const Records> latest() const {
    const std::lock_guard lock(mutex_);
    return snapshot_;
  }
  void publish(std::shared_ptr<Records> next) {
    const std::lock_guard lock(mutex_);
    snapshot_.swap(next);  // The old one goes after the lock, with `next`.
  }

  std::mutex writing_;        // One writer at a time, from copy to swap.
  mutable std::mutex mutex_;  // Guards snapshot_, not what it points to.
  std::shared_ptr<Records> snapshot_ = std::make_shared<Records>();
};

}  // namespace snapshot_swap
