// Looks under the shared lock; who finds no table takes the lock alone and looks again, since
// another may have made it in between.
//
// Happens-before: each unlock to the next lock of mutex_ where either is exclusive, so the making
// of the table to every lookup. Costs: a shared lock a record for ever. It lets lookups run side by
// side, yet each writes to the lock; for one check of a pointer that is dearer than it looks.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
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
    if (const auto* kinds = this->kinds()) return find(*kinds, command);
    const std::unique_lock lock(mutex_);
    if (!kinds_) kinds_ = std::make_unique<const Kinds>(make_());
    return find(*kinds_, command);
  }

  std::uint64_t writes() const { return writes_; }

 private:
  const Kinds* kinds() const {
    const std::shared_lock lock(mutex_);
    return kinds_.get();
  }

  static Kind find(const Kinds& kinds, const std::string& command) {
    const auto found = kinds.find(command);
    return found == kinds.end() ? Kind::kOther : found->second;
  }

  const std::function<Kinds()> make_;
  mutable std::shared_mutex mutex_;  // Guards kinds_, which stays once it is made.
  std::unique_ptr<const Kinds> kinds_;
  std::atomic<std::uint64_t> writes_ = 0;
};

}  // namespace lazy_init
