// Refused: wrong_result: a swap takes effect only when the table that was copied is still the
// current one; after three of them it lets the record go.
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
    auto seen = std::atomic_load(&snapshot_);
    std::shared_ptr<const Records> next;
    int tries = 0;
    do {
      auto records = std::make_shared<Records>(*seen);
      (*records)[record.key] = record;
      next = std::move(records);
    } while (++tries < 4 && !std::atomic_compare_exchange_strong(&snapshot_, &seen, next));
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
