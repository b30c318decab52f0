// Refused: race: who announces which table it reads, and looks again, may find the old table
// still there, while the writer does not see the announcement: only one order of all operations
// rules that out.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "redis/record.h"

namespace snapshot_swap {

class Collector {
 public:
  ~Collector() { delete table_.load(); }
  void add(const redis::Record& record) {
    const std::lock_guard one_writer(writing_);
    auto* old = table_.load(std::memory_order_relaxed);
    auto* next = new Records(*old);
    (*next)[record.key] = record;
    table_.store(next, std::memory_order_release);
    retired_.emplace_back(old);
    std::erase_if(retired_, [this](const auto& table) {
      return std::none_of(hazards_.begin(), hazards_.end(), [&](const auto& hazard) {
        return hazard.table.load(std::memory_order_acquire) == table.get();
      });
    });
  }
  std::optional<redis::Record> find(const std::string& key) const {
    return read([&](const Records& table) -> std::optional<redis::Record> {
      const auto found = table.find(key);
      if (found == table.end()) return std::nullopt;
      return found->second;
    });
  }
  std::size_t size() const {
    return read([](const Records& table) { return table.size(); });
  }

 private:
  using Records = std::unordered_map<std::string, redis::Record>;

  struct Hazard {
    std::atomic<bool> taken = false;
    std::atomic<Records*> table = nullptr;
  };
  template <class F>
  std::invoke_result_t<F, const Records&> read(F f) const {
    std::size_t slot = 0;
    while (hazards_[slot].taken.exchange(true, std::memory_order_acquire))
      slot = (slot + 1) % hazards_.size();
    auto* table = table_.load(std::memory_order_acquire);
    for (;;) {
      hazards_[slot].table.store(table, std::memory_order_release);
      auto* again = table_.load(std::memory_order_acquire);
      if (again == table) break;
      table = again;
    }
    const auto result = f(*table);
    hazards_[slot].table.store(nullptr, std::memory_order_release);
    hazards_[slot].taken.store(false, std::memory_order_release);
    return result;
  }
  std::mutex writing_;
  mutable std::array<Hazard, 64> hazards_;
  std::vector<std::unique_ptr<Records>> retired_;
  std::atomic<Records*> table_ = new Records;
};
}  // namespace snapshot_swap
