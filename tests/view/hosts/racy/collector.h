#pragma once

#include <cstddef>

#include "redis/record.h"

// Counts without a lock.
class Collector {
 public:
  void add(const redis::Record&) { ++records_; }

  std::size_t size() const { return records_; }

 private:
  std::size_t records_ = 0;
};
