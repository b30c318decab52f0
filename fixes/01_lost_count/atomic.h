// The totals themselves are atomic: no update is lost, and nobody waits for anybody.
//
// Happens-before: none is needed. Each total stands for itself, and a fetch_add() never works on
// an old value; relaxed suffices since no other data is published through the totals.
// Costs: the cache line of the totals travels between the cores that count. The two totals are
// not one: a reader may see a record counted whose bytes are not.
#pragma once

#include <atomic>
#include <cstdint>

#include "redis/record.h"

namespace lost_count {

class Collector {
 public:
  void add(const redis::Record& record) {
    records_.fetch_add(1, std::memory_order_relaxed);
    bytes_.fetch_add(record.request_bytes + record.response_bytes, std::memory_order_relaxed);
  }

  std::uint64_t records() const { return records_.load(std::memory_order_relaxed); }

  std::uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> records_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
};

}  // namespace lost_count
