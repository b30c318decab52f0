// One check, under the lock. Who finds the table made has held the mutex after the one who made it.
//
// Happens-before: each unlock to the next lock of mutex_, so the making of the table to every
// lookup. Costs: a lock and an unlock a record for ever, to protect what happens once. Once the
// table is made it never changes, so the lookup itself needs no lock.
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
    {
      const std::lock_guard lock(mutex_);
      if (!kinds_) kinds_ = std::make_unique<const Kinds>(make_());
    }
    const auto found = kinds_->find(command);
    return found == kinds_->end() ? Kind::kOther : found->second;
  }

  std::uint64_t writes() const { return writes_; }

 private:
  const std::function<Kinds()> make_;
  std::mutex mutex_;  // Guards making kinds_.
  std::unique_ptr<const Kinds> kinds_;
  std::atomic<std::uint64_t> writes_ = 0;
};

}  // namespace lazy_init
