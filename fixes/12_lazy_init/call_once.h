// What the standard library has for it: whoever comes first makes the table, whoever comes
// meanwhile waits, and whoever comes later goes by.
//
// Happens-before: the end of the one call of the function to the return of every other call_once()
// on the same flag, so the making of the table to every lookup. Costs: once the table is made, one
// read of the flag. The flag cannot be reset: for a table that changes this is the wrong tool.
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
    std::call_once(once_, [this] { kinds_ = std::make_unique<const Kinds>(make_()); });
    const auto found = kinds_->find(command);
    return found == kinds_->end() ? Kind::kOther : found->second;
  }

  std::uint64_t writes() const { return writes_; }

 private:
  const std::function<Kinds()> make_;
  std::once_flag once_;
  std::unique_ptr<const Kinds> kinds_;
  std::atomic<std::uint64_t> writes_ = 0;
};

}  // namespace lazy_init
