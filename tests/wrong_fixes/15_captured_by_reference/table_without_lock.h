// Refused: race: the part is captured by value, and the lock is held for a copy of the records
// only, so that workers count side by side. The table is still captured by reference, and now bare.
#pragma once

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
    for (std::uint32_t part = 0; part < kParts; ++part) {
      workers.emplace_back([this, part, &table] { count(part, table); });
    }
    workers.clear();  // Joins them.
    return table;
  }

 private:
  static constexpr std::uint32_t kParts = 2;

  void count(std::uint32_t part, Table& table) const {
    for (const auto& record : records()) {
      if (record.connection % kParts != part) continue;
      table[record.connection] += record.request_bytes + record.response_bytes;
    }
  }

  std::vector<redis::Record> records() const {
    const std::lock_guard lock(mutex_);
    return records_;
  }

  mutable std::mutex mutex_;  // Guards records_.
  std::vector<redis::Record> records_;
};

}  // namespace captured_by_reference
