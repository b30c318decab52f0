// oneTBB's concurrent_hash_map; insert() finds the element or makes it, in one step, and its
// accessor holds it until the hit is counted.
//
// Happens-before: the release of an accessor to the next accessor of the same element.
// Costs: a library. A map that is safe to call does not make two calls one: find() and then
// insert() on it would be the racy collector again.
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
  // The standard allocator: ThreadSanitizer cannot follow memory that TBB's own hands on.
  using Hits =
      tbb::concurrent_hash_map<std::string, std::uint64_t, tbb::tbb_hash_compare<std::string>,
                               std::allocator<std::pair<const std::string, std::uint64_t>>>;

  Hits hits_;
};

}  // namespace check_then_act
