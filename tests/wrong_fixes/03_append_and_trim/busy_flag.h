// Refused: race: whoever finds the flag down raises it and works. Between finding and raising there
// is room for another, and the flag itself is written and read without order.
#pragma once

#include <cstddef>
#include <thread>
#include <vector>

#include "redis/record.h"

namespace append_and_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {}

  void add(const redis::Record& record) {
    begin();
    records_.push_back(record);
    if (records_.size() > records_max_) records_.erase(records_.begin());
    busy_ = false;
  }

  std::vector<redis::Record> recent() const {
    begin();
    auto copy = records_;
    busy_ = false;
    return copy;
  }

 private:
  void begin() const {
    while (busy_) std::this_thread::yield();
    busy_ = true;
  }

  mutable volatile bool busy_ = false;
  const std::size_t records_max_;
  std::vector<redis::Record> records_;  // Newest last.
};

}  // namespace append_and_trim
