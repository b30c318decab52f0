// Refused: wrong_result: each thread keeps the table that it took, and takes another only when the
// version has changed. The thread has one place for it, whichever collector it asks.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
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
    {
      const std::lock_guard lock(mutex_);
      snapshot_ = std::move(next);
    }
    version_.fetch_add(1);
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
    static thread_local std::shared_ptr<const Records> kept;
    static thread_local std::uint64_t kept_version = 0;
    const auto version = version_.load();
    if (!kept || kept_version != version) {
      const std::lock_guard lock(mutex_);
      kept = snapshot_;
      kept_version = version;
    }
    return kept;
  }

  std::mutex writing_;        // One writer at a time, from copy to swap.
  mutable std::mutex mutex_;  // Guards snapshot_, not what it points to.
  std::atomic<std::uint64_t> version_ = 1;
  std::shared_ptr<const Records> snapshot_ = std::make_shared<const Records>();
};

}  // namespace snapshot_swap
