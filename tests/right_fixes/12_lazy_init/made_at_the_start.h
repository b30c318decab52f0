// Right, and lazy no more: the constructor makes the table. Whoever has the collector was handed it
// by somebody who waited for that.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>

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
  explicit Collector(std::function<Kinds()> make = usual_kinds) : kinds_(make()) {}

  void add(const redis::Record& record) {
    if (kind_of(record.command) == Kind::kWrite) ++writes_;
  }

  Kind kind_of(const std::string& command) {
    const auto found = kinds_.find(command);
    return found == kinds_.end() ? Kind::kOther : found->second;
  }

  std::uint64_t writes() const { return writes_; }

 private:
  const Kinds kinds_;
  std::atomic<std::uint64_t> writes_ = 0;
};

}  // namespace lazy_init
