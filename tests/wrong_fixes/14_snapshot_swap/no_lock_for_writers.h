// Refused: wrong_result: with an atomic load and an atomic store nobody races, so the writers'
// mutex went. Two writers copy one table, and the second swap undoes the first.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "redis/record.h"

namespace snapshot_swap {

class Collector {
 public:
  void add(const redis::Record& record) {
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

  std::shared_ptr<const Records> snapshot_ = std::make_shared<const Records>();
};

}  // namespace snapshot_swap
