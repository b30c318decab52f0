// Right: double-checked locking as it has worked since C++11. The store releases the table, the
// first check acquires it.
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

  void add(const redis::Record& record) {
    if (kind_of(record.command) == Kind::kWrite) ++writes_;
  }

  Kind kind_of(const std::string& command) {
    const auto* kinds = kinds_.load(std::memory_order_acquire);  // Pairs with the store below.
    if (!kinds) {
      const std::lock_guard lock(mutex_);
      // Relaxed: who stored it held the mutex.
      kinds = kinds_.load(std::memory_order_relaxed);
      if (!kinds) {
        table_ = make_();
        kinds = &table_;
        kinds_.store(kinds, std::memory_order_release);  // Pairs with the load above.
      }
    }
    const auto found = kinds->find(command);
    return found == kinds->end() ? Kind::kOther : found->second;
  }

  std::uint64_t writes() const { return writes_; }

 private:
  const std::function<Kinds()> make_;
  std::mutex mutex_;  // Guards making kinds_.
  Kinds table_;
  std::atomic<const Kinds*> kinds_ = nullptr;
  std::atomic<std::uint64_t> writes_ = 0;
};

}  // namespace lazy_init
