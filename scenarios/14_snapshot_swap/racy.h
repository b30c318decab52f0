// The latest record of each key, in a table that never changes once it is published: add() makes
// the next table from a copy, and swaps it in. Readers take the pointer and walk at leisure. The
// counts of a shared_ptr are safe to change from many threads; the shared_ptr itself is two plain
// words.
//
// Fault: data race: write in add() against read in find(), on snapshot_.
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
    auto next = std::make_shared<Records>(*snapshot_);
    (*next)[record.key] = record;
    snapshot_ = std::move(next);
  }

  // The latest record of the key.
  std::optional<redis::Record> find(const std::string& key) const {
    const auto snapshot = snapshot_;
    const auto found = snapshot->find(key);
    if (found == snapshot->end()) return std::nullopt;
    return found->second;
  }

  std::size_t size() const {
    const auto snapshot = snapshot_;
    return snapshot->size();
  }

 private:
  using Records = std::unordered_map<std::string, redis::Record>;  // By key.

  std::mutex writing_;  // One writer at a time, from copy to swap.
  std::shared_ptr<const Records> snapshot_ = std::make_shared<const Records>();
};

}  // namespace snapshot_swap
