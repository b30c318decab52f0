// Refused: race: the swap goes through std::atomic_store. The readers copy as they did; half of an
// agreement is none.
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
    std::atomic_store(&snapshot_, std::shared_ptr<const Records>(std::move(next)));
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
