// Refused: race: the mutex is chosen by the calling thread from a table of them, to spread the
// waiting. Two threads take two mutexes, and that is all that was spread.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "redis/record.h"

namespace wrong_lock {

struct Totals {
  std::uint64_t requests = 0;
  std::int64_t latency_us = 0;

  friend bool operator==(const Totals&, const Totals&) = default;
};

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mine());
    auto& totals = totals_[record.command];
    ++totals.requests;
    totals.latency_us += record.latency_us;
  }

  // Nothing before the first record of the command.
  Totals totals(const std::string& command) const {
    const std::lock_guard lock(mine());
    const auto found = totals_.find(command);
    return found == totals_.end() ? Totals{} : found->second;
  }

 private:
  static constexpr std::size_t kMutexes = 64;

  // Numbered by thread, so that no two of few threads share one.
  std::mutex& mine() const {
    static thread_local const std::size_t number = threads_.fetch_add(1);
    return mutexes_[number % kMutexes];
  }

  static inline std::atomic<std::size_t> threads_ = 0;
  mutable std::array<std::mutex, kMutexes> mutexes_;  // Each guards nothing in particular.
  std::map<std::string, Totals> totals_;              // By command.
};

}  // namespace wrong_lock
