// Refused: wrong_result: correct atomics, but static ones: every collector of the process counts
// into the same totals.
#pragma once

#include <atomic>
#include <cstdint>

#include "redis/record.h"

namespace lost_count {

class Collector {
 public:
  void add(const redis::Record& record) {
    records_.fetch_add(1);
    bytes_.fetch_add(record.request_bytes + record.response_bytes);
  }

  std::uint64_t records() const { return records_.load(); }

  std::uint64_t bytes() const { return bytes_.load(); }

 private:
  static inline std::atomic<std::uint64_t> records_ = 0;
  static inline std::atomic<std::uint64_t> bytes_ = 0;
};

}  // namespace lost_count
