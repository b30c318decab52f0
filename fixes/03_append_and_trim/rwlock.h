// A read-write lock: appending and trimming takes it alone, copies share it.
//
// Happens-before: each unlock to the next lock of mutex_ where either is exclusive, so every add()
// to every later recent(). Costs: a dearer lock for every record. There is one screen, so there are
// no readers to share it with; capture threads wait for the copy as they would with a mutex.
#pragma once

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
    if (records_.size() > records_max_) records_.erase(records_.begin());
  }

  std::vector<redis::Record> recent() const {
    const std::shared_lock lock(mutex_);
    return records_;
  }

 private:
  mutable std::shared_mutex mutex_;  // Guards records_.
  const std::size_t records_max_;
  std::vector<redis::Record> records_;  // Newest last.
};

}  // namespace append_and_trim
