// The library's own atomic access to a plain shared_ptr: std::atomic_load and std::atomic_store.
// Every access has to go through them; the type does not see to it.
//
// Happens-before: the store in add() to the load that sees it, so the making of a table to every
// reader that takes it.
// Costs: a lock all the same, one of a few that the library keeps for all such pointers. C++20
// calls them obsolete and has std::atomic<std::shared_ptr> instead, which is right too; in a
// project of your own, ThreadSanitizer flags that of libstdc++ 12.
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
    auto next = std::make_shared<Records>(*std::atomic_load(&snapshot_));
    (*next)[record.key] = record;
    std::atomic_store(&snapshot_, std::shared_ptr<const Records>(std::move(next)));
  }

  // The latest record of the key.
  std::optional<redis::Record> find(const std::string& key) const {
    const auto snapshot = std::atomic_load(&snapshot_);
    const auto found = snapshot->find(key);
    if (found == snapshot->end()) return std::nullopt;
    return found->second;
  }

  std::size_t size() const {
    const auto snapshot = std::atomic_load(&snapshot_);
    return snapshot->size();
  }

 private:
  using Records = std::unordered_map<std::string, redis::Record>;  // By key.

  std::mutex writing_;  // One writer at a time, from copy to swap.
  // Only through atomic_load() and atomic_store().
  std::shared_ptr<const Records> snapshot_ = std::make_shared<const Records>();
};

}  // namespace snapshot_swap
