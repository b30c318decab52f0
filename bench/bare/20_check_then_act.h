// What the fixes are measured beside: oneTBB's map as it comes, with its own allocator.
#pragma once

#include <tbb/concurrent_hash_map.h>

#include <cstdint>
#include <string>

#include "redis/record.h"

namespace check_then_act {

class Collector {
 public:
  void add(const redis::Record& record) {
    Hits::accessor element;
    const bool known = !hits_.insert(element, record.key);
    if (known) {
      ++element->second;
    } else {
      element->second = 1;
    }
  }

  std::uint64_t hits(const std::string& key) const {
    Hits::const_accessor element;
    return hits_.find(element, key) ? element->second : 0;
  }

 private:
  using Hits = tbb::concurrent_hash_map<std::string, std::uint64_t>;

  Hits hits_;
};

}  // namespace check_then_act
