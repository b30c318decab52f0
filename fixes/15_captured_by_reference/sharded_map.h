// A part of the records is an object: a shard with its own lock. The loop's variable is a reference
// to it, and a reference captured by reference is the object itself, which outlives the workers.
//
// Happens-before: each unlock to the next lock of a shard's mutex, so every add() to every worker
// that counts that shard later; and each worker's last step to its join.
// Costs: the parts are fixed when the records come; a table may hold a later record of one shard
// and miss an earlier one of another.
#pragma once

#include <array>
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
    auto& shard = shards_[record.connection % kParts];
    const std::lock_guard lock(shard.mutex);
    shard.records.push_back(record);
  }

  Table bytes() const {
    std::array<Table, kParts> tables;
    std::vector<std::jthread> workers;
    auto table_of_shard = tables.begin();
    for (const auto& shard : shards_) {
      workers.emplace_back([&shard, &table = *table_of_shard++] { count(shard, table); });
    }
    workers.clear();  // Joins them.
    Table table;
    for (auto& found : tables) table.merge(found);
    return table;
  }

 private:
  static constexpr std::uint32_t kParts = 2;
  struct Shard {
    mutable std::mutex mutex;  // Guards records.
    std::vector<redis::Record> records;
  };

  static void count(const Shard& shard, Table& table) {
    const std::lock_guard lock(shard.mutex);
    for (const auto& record : shard.records) {
      table[record.connection] += record.request_bytes + record.response_bytes;
    }
  }

  std::array<Shard, kParts> shards_;
};

}  // namespace captured_by_reference
