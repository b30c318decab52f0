// A list whose nodes are made and destroyed outside the lock. Right: under the lock they are only
// linked, and what recent() returns is a copy.
#pragma once

#include <cstddef>
#include <list>
#include <mutex>

#include "redis/record.h"

namespace append_and_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {}

  void add(const redis::Record& record) {
    std::list<redis::Record> newest{record};
    std::list<redis::Record> oldest;
    const std::lock_guard lock(mutex_);
    records_.splice(records_.end(), newest);
    if (records_.size() > records_max_) oldest.splice(oldest.end(), records_, records_.begin());
  }

  std::list<redis::Record> recent() const {
    const std::lock_guard lock(mutex_);
    return records_;
  }

 private:
  mutable std::mutex mutex_;  // Guards records_.
  const std::size_t records_max_;
  std::list<redis::Record> records_;  // Newest last.
};

}  // namespace append_and_trim
