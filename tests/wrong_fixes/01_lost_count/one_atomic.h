// Refused: race: the total that was seen wrong on the screen became atomic; its neighbour did not.
#pragma once

#include <atomic>
#include <cstdint>

#include "redis/record.h"

namespace lost_count {

class Collector {
 public:
  void add(const redis::Record& record) {
    records_.fetch_add(1);
    bytes_ += record.request_bytes + record.response_bytes;
  }

  std::uint64_t records() const { return records_.load(); }

  std::uint64_t bytes() const { return bytes_; }

 private:
  std::atomic<std::uint64_t> records_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace lost_count
