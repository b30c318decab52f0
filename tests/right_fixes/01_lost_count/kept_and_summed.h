// Keeps the sizes and sums when asked. Right, if wasteful: one mutex guards the list, and sums are
// taken of the list as it stands.
#pragma once

#include <cstdint>
#include <mutex>
#include <numeric>
#include <vector>

#include "redis/record.h"

namespace lost_count {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    sizes_.push_back(record.request_bytes + record.response_bytes);
  }

  std::uint64_t records() const {
    const std::lock_guard lock(mutex_);
    return sizes_.size();
  }

  std::uint64_t bytes() const {
    const std::lock_guard lock(mutex_);
    return std::accumulate(sizes_.begin(), sizes_.end(), std::uint64_t{0});
  }

 private:
  mutable std::mutex mutex_;  // Guards sizes_.
  std::vector<std::uint64_t> sizes_;
};

}  // namespace lost_count
