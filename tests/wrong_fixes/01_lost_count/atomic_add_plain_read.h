// Refused: race: what Kyanos did. Adding is atomic, the query reads the field like any other.
#pragma once

#include <atomic>
#include <cstdint>

#include "redis/record.h"

namespace lost_count {

class Collector {
 public:
  void add(const redis::Record& record) {
    std::atomic_ref(records_).fetch_add(1);
    std::atomic_ref(bytes_).fetch_add(record.request_bytes + record.response_bytes);
  }

  std::uint64_t records() const { return records_; }

  std::uint64_t bytes() const { return bytes_; }

 private:
  std::uint64_t records_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace lost_count
