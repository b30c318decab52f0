// Refused: wrong_result: nothing is shared any more, so nothing races; nor does the reader's thread
// ever see what the others counted.
#pragma once

#include <cstdint>

#include "redis/record.h"

namespace lost_count {

class Collector {
 public:
  void add(const redis::Record& record) {
    ++records_;
    bytes_ += record.request_bytes + record.response_bytes;
  }

  std::uint64_t records() const { return records_; }

  std::uint64_t bytes() const { return bytes_; }

 private:
  static inline thread_local std::uint64_t records_ = 0;
  static inline thread_local std::uint64_t bytes_ = 0;
};

}  // namespace lost_count
