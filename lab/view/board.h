#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "redis/record.h"

namespace lab::view {

// Counts of latencies from which percentiles are read. Sixteen buckets for each power of two, so
// that a percentile is at most 1/16 above the true one; below 16 us it is exact.
class Latencies {
 public:
  void add(std::int64_t microseconds);

  // The latency that `share` (0.99) of all stay within, 0 when there is none.
  std::int64_t percentile(double share) const;
  std::uint64_t count() const { return count_; }

 private:
  static constexpr std::size_t kBuckets = 61 * 16;

  std::array<std::uint64_t, kBuckets> buckets_{};
  std::uint64_t count_ = 0;
};

struct Total {
  std::string command;
  std::uint64_t count = 0;
  std::uint64_t errors = 0;
  std::uint64_t bytes = 0;  // Requests and responses.
  std::int64_t p50_us = 0;
  std::int64_t p95_us = 0;
  std::int64_t p99_us = 0;
};

// What the view shows: the latest records, newest last, and totals a command, most frequent first.
// Thread-safe: one mutex around all of it, for which each capture thread pays on every record.
class Board {
 public:
  static constexpr std::size_t kRecentMax = 1000;
  static constexpr std::size_t kCommandsMax = 256;  // Any further count as "(others)".

  void add(const redis::Record& record);

  std::vector<redis::Record> recent() const;
  std::vector<Total> totals() const;
  std::uint64_t count() const;

 private:
  struct Sums {
    std::uint64_t errors = 0;
    std::uint64_t bytes = 0;
    Latencies latencies;
  };

  mutable std::mutex mutex_;  // Guards what follows.
  std::deque<redis::Record> recent_;
  std::map<std::string, Sums> commands_;
  std::uint64_t count_ = 0;
};

}  // namespace lab::view
