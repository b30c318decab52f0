// Refused: wrong_result: a sequence lock whose writers are not kept apart. With two of them inside
// the version is even again, and a reader takes half of what they add.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>

#include "redis/record.h"

namespace wrong_lock {
struct Totals {
  std::uint64_t requests = 0;
  std::int64_t latency_us = 0;
  friend bool operator==(const Totals&, const Totals&) = default;
};

class Collector {
 public:
  void add(const redis::Record& record) {
    {
      const std::shared_lock lock(mutex_);
      const auto found = entries_.find(record.command);
      if (found != entries_.end()) {
        found->second.add(record.latency_us);
        return;
      }
    }
    const std::unique_lock lock(mutex_);
    entries_[record.command].add(record.latency_us);
  }
  Totals totals(const std::string& command) const {
    const std::shared_lock lock(mutex_);
    const auto found = entries_.find(command);
    return found == entries_.end() ? Totals{} : found->second.read();
  }

 private:
  class Entry {
   public:
    void add(std::int64_t latency_us) {
      ++version_;
      requests_ += 1;
      latency_us_ += latency_us;
      ++version_;
    }
    Totals read() const {
      for (;;) {
        const std::uint64_t before = version_;
        const Totals totals{requests_, latency_us_};
        if (before % 2 == 0 && version_ == before) return totals;
        std::this_thread::yield();
      }
    }

   private:
    std::atomic<std::uint64_t> version_ = 0;  // Odd: somebody writes.
    std::atomic<std::uint64_t> requests_ = 0;
    std::atomic<std::int64_t> latency_us_ = 0;
  };
  mutable std::shared_mutex mutex_;  // Guards the map, not the entries.
  std::map<std::string, Entry> entries_;
};

}  // namespace wrong_lock
