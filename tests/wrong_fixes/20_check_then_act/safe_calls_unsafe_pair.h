// Refused: wrong_result: a concurrent map, each call of which is safe. Two calls are two steps,
// with any number of other threads between them.
#pragma once

#include <tbb/concurrent_hash_map.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "redis/record.h"

namespace check_then_act {

class Collector {
 public:
  void add(const redis::Record& record) {
    const auto before = hits(record.key);
    Hits::accessor element;
    hits_.insert(element, record.key);
    element->second = before + 1;
  }

  std::uint64_t hits(const std::string& key) const {
    Hits::const_accessor element;
    return hits_.find(element, key) ? element->second : 0;
  }

 private:
  // The standard allocator: ThreadSanitizer cannot follow memory that TBB's own hands on.
  using Hits =
      tbb::concurrent_hash_map<std::string, std::uint64_t, tbb::tbb_hash_compare<std::string>,
                               std::allocator<std::pair<const std::string, std::uint64_t>>>;

  Hits hits_;
};

}  // namespace check_then_act
