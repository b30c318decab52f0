// Refused: race: a large table is too dear to copy, so it is changed in place, while readers hold
// it.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace snapshot_swap {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard one_writer(writing_);
    auto now = current();
    if (now->size() < 64) {
      now = std::make_shared<Records>(*now);
      (*now)[record.key] = record;
      const std::lock_guard lock(pointer_);
      snapshot_.swap(now);
    } else {
      (*now)[record.key] = record;
    }
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const auto snapshot = latest();
    const auto found = snapshot->find(key);
    if (found == snapshot->end()) return std::nullopt;
    return found->second;
  }

  std::size_t size() const { return latest()->size(); }

 private:
  using Records = std::unordered_map<std::string, redis::Record>;

  std::shared_ptr<Records> current() const {
    const std::lock_guard lock(pointer_);
    return snapshot_;
  }
  std::shared_ptr<const Records> latest() const { return current(); }
  std::mutex writing_;
  mutable std::mutex pointer_;
  std::shared_ptr<Records> snapshot_ = std::make_shared<Records>();
};
}  // namespace snapshot_swap
