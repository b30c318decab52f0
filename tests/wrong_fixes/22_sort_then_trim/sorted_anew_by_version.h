// Refused: wrong_result: sorts a copy and keeps it until the list's version changes. The version is
// a byte: after 256 more records the copy is taken for the list of now.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "redis/record.h"

namespace sort_then_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {}

  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    records_.push_back(record);
    ++version_;
    if (records_.size() > records_max_) records_.erase(records_.begin());
  }

  // The newest records, slowest first.
  std::vector<redis::Record> slowest() const {
    const std::lock_guard lock(mutex_);
    if (sorted_version_ != version_) {
      sorted_ = records_;
      std::sort(sorted_.begin(), sorted_.end(), slower);
      sorted_version_ = version_;
    }
    return sorted_;
  }

 private:
  static bool slower(const redis::Record& a, const redis::Record& b) {
    return a.latency_us > b.latency_us;
  }

  mutable std::mutex mutex_;  // Guards the rest.
  const std::size_t records_max_;
  std::vector<redis::Record> records_;  // Newest last.
  std::uint8_t version_ = 0;            // Of records_.
  mutable std::vector<redis::Record> sorted_;
  mutable std::uint8_t sorted_version_ = 0;
};

}  // namespace sort_then_trim
