// A binary semaphore in a mutex's place. Right: a release() happens before the acquire() that it
// lets through, and every access lies between the two.
#pragma once

#include <cstdint>
#include <semaphore>

#include "redis/record.h"

namespace lost_count {

class Collector {
 public:
  void add(const redis::Record& record) {
    free_.acquire();
    ++records_;
    bytes_ += record.request_bytes + record.response_bytes;
    free_.release();
  }

  std::uint64_t records() const { return read(records_); }

  std::uint64_t bytes() const { return read(bytes_); }

 private:
  std::uint64_t read(const std::uint64_t& total) const {
    free_.acquire();
    const auto value = total;
    free_.release();
    return value;
  }

  mutable std::binary_semaphore free_{1};  // Guards records_ and bytes_.
  std::uint64_t records_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace lost_count
