// Right: a count in the table, as in boost::intrusive_ptr: lowered with release, with an acquire
// fence before the delete.
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "redis/record.h"

namespace snapshot_swap {

class Collector {
 public:
  ~Collector() { let_go(table_); }
  void add(const redis::Record& record) {
    const std::lock_guard one_writer(writing_);
    Table* old = take();
    auto* next = new Table;
    next->records = old->records;
    next->records[record.key] = record;
    {
      const std::lock_guard lock(pointer_);
      std::swap(table_, next);
    }
    let_go(old);
    let_go(next);
  }
  std::optional<redis::Record> find(const std::string& key) const {
    Table* table = take();
    const auto found = table->records.find(key);
    std::optional<redis::Record> result;
    if (found != table->records.end()) result = found->second;
    let_go(table);
    return result;
  }
  std::size_t size() const {
    Table* table = take();
    const auto result = table->records.size();
    let_go(table);
    return result;
  }

 private:
  using Records = std::unordered_map<std::string, redis::Record>;

  struct Table {
    Records records;
    std::atomic<int> holders = 1;
  };
  Table* take() const {
    const std::lock_guard lock(pointer_);
    table_->holders.fetch_add(1, std::memory_order_relaxed);
    return table_;
  }
  static void let_go(Table* table) {
    if (table->holders.fetch_sub(1, std::memory_order_release) == 1) {
      std::atomic_thread_fence(std::memory_order_acquire);
      delete table;
    }
  }
  std::mutex writing_;
  mutable std::mutex pointer_;
  Table* table_ = new Table;
};
}  // namespace snapshot_swap
