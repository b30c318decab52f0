// Refused: race: std::call_once, on a flag that is born with every call: each time is the first.
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
    std::once_flag once;
    std::call_once(once, [this] {
      if (!kinds_) kinds_ = std::make_unique<const Kinds>(make_());
    });
    const auto found = kinds_->find(command);
    return found == kinds_->end() ? Kind::kOther : found->second;
  }

  std::uint64_t writes() const { return writes_; }

 private:
  const std::function<Kinds()> make_;
  std::unique_ptr<const Kinds> kinds_;
  std::atomic<std::uint64_t> writes_ = 0;
};

}  // namespace lazy_init
