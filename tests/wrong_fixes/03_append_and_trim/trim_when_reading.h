// Refused: race: add() only appends; trimming waits until somebody looks, under the shared lock
// that lookers hold together.
#pragma once

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include "redis/record.h"

namespace append_and_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {}

  void add(const redis::Record& record) {
    const std::unique_lock lock(mutex_);
    records_.push_back(record);
  }

  std::vector<redis::Record> recent() const {
    const std::shared_lock lock(mutex_);
    const auto trimmed = records_.size() - std::min(records_.size(), records_max_);
    records_.erase(records_.begin(), records_.begin() + static_cast<std::ptrdiff_t>(trimmed));
    return records_;
  }

 private:
  mutable std::shared_mutex mutex_;  // Guards records_, were recent() alone.
  const std::size_t records_max_;
  mutable std::vector<redis::Record> records_;  // Newest last.
};

}  // namespace append_and_trim
