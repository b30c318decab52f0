// An atomic plain pointer. Right: no table is freed before the collector is, so a reader's may be
// as old as it likes. Memory grows with every record.
#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
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
    auto next = std::make_unique<Records>(*snapshot_.load());
    (*next)[record.key] = record;
    snapshot_.store(tables_.emplace_back(std::move(next)).get());
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

  std::mutex writing_;  // Guards tables_.
  std::deque<std::unique_ptr<const Records>> tables_;
  inline static const Records kNone;
  std::atomic<const Records*> snapshot_ = &kNone;
};

}  // namespace snapshot_swap
