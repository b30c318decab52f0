// Capture threads count the records and their bytes while the UI thread draws the totals. Kyanos
// added to such counters atomically and then read them as plain fields.
//
// Fault: data race: write in add() against add(), on records_.
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
  std::uint64_t records_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace lost_count
