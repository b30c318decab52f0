// A second mutex for the pointer alone, held for as long as it takes to copy or to swap it.
//
// Happens-before: each unlock to the next lock of mutex_, so the making of a table to every reader
// that takes it. A table never changes, so walking it needs nothing more.
// Costs: a lock a lookup, for two words and a count. The whole table is copied for each record,
// here as in the racy one; readers do not wait for that.
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
  void publish(std::shared_ptr<const Records> next) {
    const std::lock_guard lock(mutex_);
    snapshot_.swap(next);  // The old one goes after the lock, with `next`.
  }

  std::mutex writing_;        // One writer at a time, from copy to swap.
  mutable std::mutex mutex_;  // Guards snapshot_, not what it points to.
  std::shared_ptr<const Records> snapshot_ = std::make_shared<const Records>();
};

}  // namespace snapshot_swap
