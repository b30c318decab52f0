// Refused: gagged: the report is gone because the detector no longer looks.
#pragma once

#include <cstdint>

#include "redis/record.h"

namespace lost_count {

class Collector {
 public:
  __attribute__((no_sanitize("thread"))) void add(const redis::Record& record) {
    ++records_;
    bytes_ += record.request_bytes + record.response_bytes;
  }

  __attribute__((no_sanitize("thread"))) std::uint64_t records() const { return records_; }

  __attribute__((no_sanitize("thread"))) std::uint64_t bytes() const { return bytes_; }

 private:
  std::uint64_t records_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace lost_count
