// Refused: race: a proper release store and acquire load, of a table that is filled afterwards.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include "redis/record.h"

namespace lazy_init {

enum class Kind { kOther, kRead, kWrite };
using Kinds = std::unordered_map<std::string, Kind>;

inline Kinds usual_kinds() {
  return {
      {"GET", Kind::kRead}, {"LRANGE", Kind::kRead}, {"SET", Kind::kWrite}, {"INCR", Kind::kWrite}};
}

class Collector {
 public:
  // `make` reads the table from somewhere slow: not before it is needed, and once.
  explicit Collector(std::function<Kinds()> make = usual_kinds) : make_(std::move(make)) {}

  void add(const redis::Record& record) {
    if (kind_of(record.command) == Kind::kWrite) ++writes_;
  }

  Kind kind_of(const std::string& command) {
    const Kinds* kinds = kinds_.load(std::memory_order_acquire);
    if (!kinds) {
      const std::lock_guard lock(mutex_);
      if (!kinds_.load(std::memory_order_relaxed)) {
        table_ = std::make_unique<Kinds>();
        kinds_.store(table_.get(), std::memory_order_release);  // Pairs with the load above.
        for (const auto& [name, kind] : make_()) table_->emplace(name, kind);
      }
      kinds = kinds_.load(std::memory_order_relaxed);
    }
    const auto found = kinds->find(command);
    return found == kinds->end() ? Kind::kOther : found->second;
  }

  std::uint64_t writes() const { return writes_; }

 private:
  const std::function<Kinds()> make_;
  std::mutex mutex_;  // Guards making kinds_.
  std::unique_ptr<Kinds> table_;
  std::atomic<const Kinds*> kinds_ = nullptr;
  std::atomic<std::uint64_t> writes_ = 0;
};

}  // namespace lazy_init
