// Refused: race: with room reserved, push_back() never moves the records, "and the rest is
// harmless". The size and the records are still written while they are read.
#pragma once

#include <cstddef>
#include <vector>

#include "redis/record.h"

namespace append_and_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {
    records_.reserve(records_max_ + 1);
  }

  void add(const redis::Record& record) {
    records_.push_back(record);
    if (records_.size() > records_max_) records_.erase(records_.begin());
  }

  std::vector<redis::Record> recent() const { return records_; }

 private:
  const std::size_t records_max_;
  std::vector<redis::Record> records_;  // Newest last.
};

}  // namespace append_and_trim
