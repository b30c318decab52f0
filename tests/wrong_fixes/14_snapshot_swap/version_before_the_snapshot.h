// Refused: wrong_result: a thread keeps its snapshot until the version is another, and the version
// goes up before the snapshot is there. Who looks between the two keeps the old one.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
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
    auto next = std::make_shared<Records>(*current());
    (*next)[record.key] = record;
    ++version_;
    const std::lock_guard lock(pointer_);
    snapshot_ = std::move(next);
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

  std::shared_ptr<const Records> current() const {
    const std::lock_guard lock(pointer_);
    return snapshot_;
  }
  std::shared_ptr<const Records> latest() const {
    struct Seen {
      std::uint64_t version = 0;
      std::shared_ptr<const Records> table;
    };
    thread_local std::map<std::uint64_t, Seen> all;
    auto& seen = all[number_];
    const auto version = version_.load();
    if (!seen.table || seen.version != version) seen = {version, current()};
    return seen.table;
  }
  static inline std::atomic<std::uint64_t> next_number_ = 0;
  const std::uint64_t number_ = next_number_++;
  std::mutex writing_;
  mutable std::mutex pointer_;
  std::atomic<std::uint64_t> version_ = 1;
  std::shared_ptr<const Records> snapshot_ = std::make_shared<const Records>();
};
}  // namespace snapshot_swap
