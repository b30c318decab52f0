// Refused: wrong_result: lets go of the lock for each record, and begins anew where others came
// between; the fourth time it shows what it has got.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "redis/record.h"

namespace append_and_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {}

  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    records_.push_back(record);
    if (records_.size() > records_max_) records_.erase(records_.begin());
    ++version_;
  }

  std::vector<redis::Record> recent() const {
    for (int tries = 1;; ++tries) {
      std::vector<redis::Record> copy;
      std::uint64_t before;
      {
        const std::lock_guard lock(mutex_);
        before = version_;
      }
      for (std::size_t i = 0;; ++i) {
        const std::lock_guard lock(mutex_);
        if (i == records_.size()) {
          if (version_ == before || tries == 4) return copy;
          break;
        }
        copy.push_back(records_[i]);
      }
    }
  }

 private:
  mutable std::mutex mutex_;  // Guards records_ and version_.
  const std::size_t records_max_;
  std::vector<redis::Record> records_;  // Newest last.
  std::uint64_t version_ = 0;           // Of records_.
};

}  // namespace append_and_trim
