// Refused: race: the worker reads its part only once it holds the lock, since count() takes it by
// reference. The loop, which writes it, holds nothing.
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
      workers.emplace_back([&] { count(part, table); });
    }
    workers.clear();  // Joins them.
    return table;
  }

 private:
  static constexpr std::uint32_t kParts = 2;

  void count(const std::uint32_t& part, Table& table) const {
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
