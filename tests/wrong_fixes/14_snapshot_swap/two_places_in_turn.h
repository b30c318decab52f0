// Refused: race: two places for the pointer; add() writes the one that is not shown, and shows it.
// A reader that is overtaken twice copies from the place that is written.
#pragma once

#include <array>
#include <atomic>
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
    const auto shown = shown_.load();
    auto next = std::make_shared<Records>(*snapshots_[shown]);
    (*next)[record.key] = record;
    snapshots_[1 - shown] = std::move(next);
    shown_.store(1 - shown);
  }

  // The latest record of the key.
  std::optional<redis::Record> find(const std::string& key) const {
    const auto snapshot = snapshots_[shown_.load()];
    const auto found = snapshot->find(key);
    if (found == snapshot->end()) return std::nullopt;
    return found->second;
  }

  std::size_t size() const {
    const auto snapshot = snapshots_[shown_.load()];
    return snapshot->size();
  }

 private:
  using Records = std::unordered_map<std::string, redis::Record>;  // By key.

  std::mutex writing_;  // One writer at a time, from copy to swap.
  std::atomic<std::size_t> shown_ = 0;
  std::array<std::shared_ptr<const Records>, 2> snapshots_ = {std::make_shared<const Records>(),
                                                              nullptr};
};

}  // namespace snapshot_swap
