// Refused: race: volatile keeps the compiler from caching the totals, as in old books on threads.
// It makes no operation whole and orders nothing between threads.
#pragma once

#include <cstdint>

#include "redis/record.h"

namespace lost_count {

class Collector {
 public:
  void add(const redis::Record& record) {
    records_ = records_ + 1;
    bytes_ = bytes_ + record.request_bytes + record.response_bytes;
  }

  std::uint64_t records() const { return records_; }

  std::uint64_t bytes() const { return bytes_; }

 private:
  volatile std::uint64_t records_ = 0;
  volatile std::uint64_t bytes_ = 0;
};

}  // namespace lost_count
