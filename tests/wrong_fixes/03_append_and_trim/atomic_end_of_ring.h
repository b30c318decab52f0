// Refused: race: a ring whose end is atomic: each writer gets a slot of its own, yet the record in
// it is written after the slot was announced.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <vector>

#include "redis/record.h"

namespace append_and_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : ring_(records_max) {}

  void add(const redis::Record& record) { ring_[end_.fetch_add(1) % ring_.size()] = record; }

  std::vector<redis::Record> recent() const {
    const auto end = end_.load();
    std::vector<redis::Record> records;
    for (auto i = end - std::min(end, ring_.size()); i < end; ++i) {
      records.push_back(ring_[i % ring_.size()]);
    }
    return records;
  }

 private:
  std::vector<redis::Record> ring_;
  std::atomic<std::size_t> end_ = 0;
};

}  // namespace append_and_trim
