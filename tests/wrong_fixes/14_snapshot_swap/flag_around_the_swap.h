// Refused: race: an atomic flag says that a swap is on, and readers wait until it is over. Nothing
// says that a reader is at it, and the writer does not wait.
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
  void add(const redis::Record& record) {
    const std::lock_guard one_writer(writing_);
    auto next = std::make_shared<Records>(*snapshot_);
    (*next)[record.key] = record;
    swapping_.store(true);
    snapshot_ = std::move(next);
    swapping_.store(false);
    swapping_.notify_all();
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
    swapping_.wait(true);
    return snapshot_;
  }

  std::mutex writing_;  // One writer at a time, from copy to swap.
  std::atomic<bool> swapping_ = false;
  std::shared_ptr<const Records> snapshot_ = std::make_shared<const Records>();
};

}  // namespace snapshot_swap
