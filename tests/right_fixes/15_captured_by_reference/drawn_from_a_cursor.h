// The workers share a cursor by reference, and each draws its part from it. Right: whichever comes
// first, every part is drawn once, and the cursor outlives those who draw.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "redis/record.h"

namespace captured_by_reference {

using Table = std::map<std::uint32_t, std::uint64_t>;  // Bytes by connection.

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    records_.push_back(record);
  }

  Table bytes() const {
    Table table;
    std::vector<std::jthread> workers;
    std::atomic<std::uint32_t> next = 0;
    while (workers.size() < kParts) {
      workers.emplace_back([&] { count(next.fetch_add(1), table); });
    }
    workers.clear();  // Joins them.
    return table;
  }

 private:
  static constexpr std::uint32_t kParts = 2;

  void count(std::uint32_t part, Table& table) const {
    const std::lock_guard lock(mutex_);
    for (const auto& record : records_) {
      if (record.connection % kParts != part) continue;
      table[record.connection] += record.request_bytes + record.response_bytes;
    }
  }

  mutable std::mutex mutex_;  // Guards records_, and a table while workers fill it.
  std::vector<redis::Record> records_;
};

}  // namespace captured_by_reference
