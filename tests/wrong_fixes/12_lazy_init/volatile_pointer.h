// Refused: race: the pointer is volatile, as the double-checked locking of the year 2000 had it.
// That orders it before nothing that it points to.
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
  // `make` reads the table from somewhere slow: not before it is needed, and once.
  explicit Collector(std::function<Kinds()> make = usual_kinds) : make_(std::move(make)) {}

  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;
  ~Collector() { delete kinds_; }

  void add(const redis::Record& record) {
    if (kind_of(record.command) == Kind::kWrite) ++writes_;
  }

  Kind kind_of(const std::string& command) {
    if (!kinds_) {
      const std::lock_guard lock(mutex_);
      if (!kinds_) kinds_ = new Kinds(make_());
    }
    const auto found = kinds_->find(command);
    return found == kinds_->end() ? Kind::kOther : found->second;
  }

  std::uint64_t writes() const { return writes_; }

 private:
  const std::function<Kinds()> make_;
  std::mutex mutex_;  // Guards making kinds_.
  Kinds* volatile kinds_ = nullptr;
  std::atomic<std::uint64_t> writes_ = 0;
};

}  // namespace lazy_init
