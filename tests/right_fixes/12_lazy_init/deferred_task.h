// Right: a deferred task, behind a shared future. Who asks it first runs it, who asks meanwhile
// waits; each asks by a copy of its own, as the standard wants it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <future>
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
  explicit Collector(std::function<Kinds()> make = usual_kinds)
      : kinds_(std::async(std::launch::deferred, std::move(make)).share()) {}

  void add(const redis::Record& record) {
    if (kind_of(record.command) == Kind::kWrite) ++writes_;
  }

  Kind kind_of(const std::string& command) {
    const auto kinds = kinds_;
    const auto found = kinds.get().find(command);
    return found == kinds.get().end() ? Kind::kOther : found->second;
  }

  std::uint64_t writes() const { return writes_; }

 private:
  const std::shared_future<Kinds> kinds_;
  std::atomic<std::uint64_t> writes_ = 0;
};

}  // namespace lazy_init
