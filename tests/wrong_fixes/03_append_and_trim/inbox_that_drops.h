// Refused: wrong_result: add() leaves the record in a bounded inbox that the next look empties.
// Nobody waits; what does not fit is gone, and not the oldest but the newest.
#pragma once

#include <cstddef>
#include <mutex>
#include <vector>

#include "redis/record.h"

namespace append_and_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {}

  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    if (inbox_.size() < kInboxMax) inbox_.push_back(record);
  }

  std::vector<redis::Record> recent() const {
    const std::lock_guard lock(mutex_);
    for (const auto& record : inbox_) {
      records_.push_back(record);
      if (records_.size() > records_max_) records_.erase(records_.begin());
    }
    inbox_.clear();
    return records_;
  }

 private:
  static constexpr std::size_t kInboxMax = 16;

  mutable std::mutex mutex_;  // Guards inbox_ and records_.
  const std::size_t records_max_;
  mutable std::vector<redis::Record> inbox_;
  mutable std::vector<redis::Record> records_;  // Newest last.
};

}  // namespace append_and_trim
