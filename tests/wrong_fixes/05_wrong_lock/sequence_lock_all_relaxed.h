// Refused: wrong_result: a sequence lock in which nothing is ordered: what is read may be older
// than the version that is seen.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
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
  Collector() = default;
  Collector(const Collector&) = delete;
  ~Collector() {
    for (Entry* entry = first_.load(); entry != nullptr;) {
      Entry* next = entry->next;
      delete entry;
      entry = next;
    }
  }
  void add(const redis::Record& record) {
    const std::lock_guard lock(writers_);
    Entry* entry = search(record.command);
    if (entry == nullptr) {
      entry = new Entry{record.command, first_.load()};
      entry->requests = 1;
      entry->latency_us = record.latency_us;
      first_.store(entry, std::memory_order_release);
      return;
    }
    constexpr auto kRelaxed = std::memory_order_relaxed;
    entry->sequence.store(entry->sequence.load(kRelaxed) + 1, kRelaxed);
    entry->requests.store(entry->requests.load(kRelaxed) + 1, kRelaxed);
    entry->latency_us.store(entry->latency_us.load(kRelaxed) + record.latency_us, kRelaxed);
    entry->sequence.store(entry->sequence.load(kRelaxed) + 1, kRelaxed);
  }
  Totals totals(const std::string& command) const {
    constexpr auto kRelaxed = std::memory_order_relaxed;
    const Entry* entry = search(command);
    if (entry == nullptr) return {};
    for (;;) {
      const auto before = entry->sequence.load(kRelaxed);
      const Totals totals{entry->requests.load(kRelaxed), entry->latency_us.load(kRelaxed)};
      if (before % 2 == 0 && entry->sequence.load(kRelaxed) == before) return totals;
      std::this_thread::yield();
    }
  }

 private:
  struct Entry {
    const std::string command;
    Entry* const next = nullptr;
    std::atomic<std::uint64_t> sequence{0};
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::int64_t> latency_us{0};
  };
  Entry* search(const std::string& command) const {
    Entry* entry = first_.load(std::memory_order_acquire);
    while (entry != nullptr && entry->command != command) entry = entry->next;
    return entry;
  }
  std::mutex writers_;
  std::atomic<Entry*> first_{nullptr};
};

}  // namespace wrong_lock
