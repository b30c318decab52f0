// Each sum by compare-and-exchange. Right: a sum is stored only where the total is still the one
// that it was computed from, and else computed anew.
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
  // A try fails only when another thread's succeeded, so some thread always gets on.
  static void increase(std::atomic<std::uint64_t>& total, std::uint64_t by) {
    auto seen = total.load();
    while (!total.compare_exchange_weak(seen, seen + by)) {
    }
  }

  std::atomic<std::uint64_t> records_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
};

}  // namespace lost_count
