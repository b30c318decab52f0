// Workers capture copies, and share the records: they only read them, so they count side by side.
// Each fills a table of its own; the caller joins the tables after it has joined the workers.
//
// Happens-before: each unlock to the next lock of mutex_ where either is exclusive, so every add()
// to every worker that counts later; and each worker's last step to its join.
// Costs: one table a worker, and a read-write lock is dearer than a mutex to take. It pays since a
// worker holds it for long. add() waits for all of them.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <vector>

#include "redis/record.h"

namespace captured_by_reference {

using Table = std::map<std::uint32_t, std::uint64_t>;  // Bytes by connection.

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::unique_lock lock(mutex_);
    records_.push_back(record);
  }

  Table bytes() const {
    std::array<Table, kParts> tables;
    std::vector<std::jthread> workers;
    for (std::uint32_t part = 0; part < kParts; ++part) {
      workers.emplace_back([this, part, &table = tables[part]] { count(part, table); });
    }
    workers.clear();  // Joins them.
    Table table;
    for (auto& found : tables) table.merge(found);
    return table;
  }

 private:
  static constexpr std::uint32_t kParts = 2;

  void count(std::uint32_t part, Table& table) const {
    const std::shared_lock lock(mutex_);
    for (const auto& record : records_) {
      if (record.connection % kParts != part) continue;
      table[record.connection] += record.request_bytes + record.response_bytes;
    }
  }

  mutable std::shared_mutex mutex_;  // Guards records_.
  std::vector<redis::Record> records_;
};

}  // namespace captured_by_reference
