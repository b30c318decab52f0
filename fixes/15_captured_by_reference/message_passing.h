// Nothing is captured that another thread touches: a worker is given records of its own to count,
// and sends its table back.
//
// Happens-before: each worker's creation to its first step, so it finds its records; each send to
// its receipt; and each unlock to the next lock of mutex_.
// Costs: every record is copied for the workers, for each table anew. In return the lock is held
// while copying only, not while counting.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "drill/channel.h"
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
    drill::Channel<Table> tables(kParts);
    std::vector<std::jthread> workers;
    for (auto& part : divide()) {
      workers.emplace_back([&tables, records = std::move(part)](std::stop_token stop) {
        tables.send(count(records), std::move(stop));
      });
    }
    Table table;
    for (std::uint32_t part = 0; part < kParts; ++part) {
      if (auto found = tables.receive(std::stop_token())) table.merge(*found);
    }
    return table;
  }

 private:
  static constexpr std::uint32_t kParts = 2;
  using Records = std::vector<redis::Record>;

  std::array<Records, kParts> divide() const {
    std::array<Records, kParts> parts;
    const std::lock_guard lock(mutex_);
    for (const auto& record : records_) parts[record.connection % kParts].push_back(record);
    return parts;
  }

  static Table count(const Records& records) {
    Table table;
    for (const auto& record : records) {
      table[record.connection] += record.request_bytes + record.response_bytes;
    }
    return table;
  }

  mutable std::mutex mutex_;  // Guards records_.
  Records records_;
};

}  // namespace captured_by_reference
