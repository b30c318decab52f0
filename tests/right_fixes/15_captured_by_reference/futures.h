// std::async copies the part, and the table comes back through the future. Right: a worker's end
// happens before get() returns, and nothing is captured.
#pragma once

#include <cstdint>
#include <future>
#include <map>
#include <mutex>
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
    std::vector<std::future<Table>> workers;
    for (std::uint32_t part = 0; part < kParts; ++part) {
      workers.push_back(std::async(std::launch::async, &Collector::count, this, part));
    }
    for (auto& worker : workers) table.merge(worker.get());
    return table;
  }

 private:
  static constexpr std::uint32_t kParts = 2;

  Table count(std::uint32_t part) const {
    Table table;
    const std::lock_guard lock(mutex_);
    for (const auto& record : records_) {
      if (record.connection % kParts != part) continue;
      table[record.connection] += record.request_bytes + record.response_bytes;
    }
    return table;
  }

  mutable std::mutex mutex_;  // Guards records_.
  std::vector<redis::Record> records_;
};

}  // namespace captured_by_reference
