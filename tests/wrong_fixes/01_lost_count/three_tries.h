// Refused: wrong_result: compare and exchange, three times at most, so that nobody goes round for
// ever. Whom others overtake three times has counted nothing.
#pragma once

#include <atomic>
#include <cstdint>

#include "redis/record.h"

namespace lost_count {

class Collector {
 public:
  void add(const redis::Record& record) {
    increase(records_, 1);
    increase(bytes_, record.request_bytes + record.response_bytes);
  }

  std::uint64_t records() const { return records_.load(); }

  std::uint64_t bytes() const { return bytes_.load(); }

 private:
  static void increase(std::atomic<std::uint64_t>& total, std::uint64_t by) {
    auto seen = total.load();
    for (int i = 0; i < 3 && !total.compare_exchange_weak(seen, seen + by); ++i) {
    }
  }

  std::atomic<std::uint64_t> records_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
};

}  // namespace lost_count
