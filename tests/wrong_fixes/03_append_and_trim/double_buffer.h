// Refused: race: two buffers, an atomic says which one readers may copy. The second add() after
// that writes the very buffer that a slow reader is still copying.
#pragma once

#include <array>
#include <atomic>
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
    const auto shown = shown_.load();
    auto& hidden = buffers_[1 - shown];
    hidden = buffers_[shown];
    hidden.push_back(record);
    if (hidden.size() > records_max_) hidden.erase(hidden.begin());
    shown_.store(1 - shown);
  }

  std::vector<redis::Record> recent() const { return buffers_[shown_.load()]; }

 private:
  const std::size_t records_max_;
  std::mutex mutex_;  // Guards buffers_, in add() alone.
  std::array<std::vector<redis::Record>, 2> buffers_;
  std::atomic<std::size_t> shown_ = 0;
};

}  // namespace append_and_trim
