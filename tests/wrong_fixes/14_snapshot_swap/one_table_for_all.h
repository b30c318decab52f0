// Refused: race: readers take a shared_ptr under the lock, add() changes the table under the same
// lock. What was copied is the pointer, not the table.
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
    const std::lock_guard lock(mutex_);
    (*snapshot_)[record.key] = record;
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

  mutable std::mutex mutex_;  // Guards snapshot_.
  std::shared_ptr<Records> snapshot_ = std::make_shared<Records>();
};

}  // namespace snapshot_swap
