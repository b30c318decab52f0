// Refused: race: an atomic pointer in place of the shared_ptr, and the old table is deleted after
// the exchange. Whoever loaded it before is still walking.
#pragma once

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
  ~Collector() { delete snapshot_.load(); }

  void add(const redis::Record& record) {
    const std::lock_guard one_writer(writing_);
    auto next = std::make_unique<Records>(*snapshot_.load());
    (*next)[record.key] = record;
    delete snapshot_.exchange(next.release());
  }

  // The latest record of the key.
  std::optional<redis::Record> find(const std::string& key) const {
    const auto snapshot = snapshot_.load();
    const auto found = snapshot->find(key);
    if (found == snapshot->end()) return std::nullopt;
    return found->second;
  }

  std::size_t size() const {
    const auto snapshot = snapshot_.load();
    return snapshot->size();
  }

 private:
  using Records = std::unordered_map<std::string, redis::Record>;  // By key.

  std::mutex writing_;  // One writer at a time, from copy to swap.
  std::atomic<const Records*> snapshot_ = new Records();
};

}  // namespace snapshot_swap
