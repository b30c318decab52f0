// Refused: wrong_result: the exchange is tried sixteen times, and given up. Who is overtaken more
// often loses a count.
#pragma once

#include <atomic>
#include <cstdint>

#include "redis/record.h"

namespace lost_count {

class Collector {
 public:
  void add(const redis::Record& record) {
    bump(records_, 1);
    bump(bytes_, record.request_bytes + record.response_bytes);
  }
  std::uint64_t records() const { return records_.load(); }
  std::uint64_t bytes() const { return bytes_.load(); }

 private:
  static void bump(std::atomic<std::uint64_t>& total, std::uint64_t by) {
    auto seen = total.load();
    for (int tries = 0; tries < 16; ++tries) {
      if (total.compare_exchange_strong(seen, seen + by)) return;
    }
  }
  std::atomic<std::uint64_t> records_{0};
  std::atomic<std::uint64_t> bytes_{0};
};

}  // namespace lost_count
