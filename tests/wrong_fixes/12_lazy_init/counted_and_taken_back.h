// Refused: wrong_result: each record is counted at first, and taken back when it is no write. In
// between there are more writes than there were.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
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
  explicit Collector(std::function<Kinds()> make = usual_kinds) : make_(std::move(make)) {}

  void add(const redis::Record& record) {
    ++writes_;
    if (kind_of(record.command) != Kind::kWrite) --writes_;
  }

  std::uint64_t writes() const { return writes_; }

  Kind kind_of(const std::string& command) {
    std::call_once(once_, [this] { kinds_ = make_(); });
    return look(kinds_, command);
  }

 private:
  static Kind look(const Kinds& kinds, const std::string& command) {
    const auto found = kinds.find(command);
    return found == kinds.end() ? Kind::kOther : found->second;
  }

  const std::function<Kinds()> make_;
  std::once_flag once_;
  Kinds kinds_;
  std::atomic<std::uint64_t> writes_ = 0;
};
}  // namespace lazy_init
