// Plain fields, every access through an atomic_ref. Right: while it lives in threads, no access of
// either total is plain.
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

  std::uint64_t records() const { return std::atomic_ref(records_).load(); }

  std::uint64_t bytes() const { return std::atomic_ref(bytes_).load(); }

 private:
  mutable std::uint64_t records_ = 0;
  mutable std::uint64_t bytes_ = 0;
};

}  // namespace lost_count
