// Refused: wrong_result: each thread keeps the snapshot by the address of its collector and a
// version: both are the same where one collector took the place of another.
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
    const std::lock_guard lock(mutex_);
    auto next = std::make_shared<Records>(*snapshot_);
    (*next)[record.key] = record;
    snapshot_ = std::move(next);
    version_.fetch_add(1, std::memory_order_release);
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const auto snapshot = latest();
    const auto found = snapshot->find(key);
    if (found == snapshot->end()) return std::nullopt;
    return found->second;
  }
  std::size_t size() const { return latest()->size(); }

 private:
  using Records = std::unordered_map<std::string, redis::Record>;  // By key.
  std::shared_ptr<const Records> latest() const {
    thread_local const Collector* of = nullptr;
    thread_local std::uint64_t version = 0;
    thread_local std::shared_ptr<const Records> table;
    if (of != this || version != version_.load(std::memory_order_acquire)) {
      const std::lock_guard lock(mutex_);
      of = this;
      version = version_.load(std::memory_order_relaxed);
      table = snapshot_;
    }
    return table;
  }
  mutable std::mutex mutex_;
  std::shared_ptr<const Records> snapshot_ = std::make_shared<const Records>();
  std::atomic<std::uint64_t> version_ = 0;
};

}  // namespace snapshot_swap
