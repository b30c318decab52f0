// A map made for it: oneTBB's concurrent_hash_map, this language's answer to Go's sync.Map.
//
// Happens-before: the release of an accessor to the next accessor of the same element, so every
// add() of a key to every later find() of it. Costs: a library; an accessor locks its element, so
// two of them in one function can deadlock. No consistent view of the whole: iteration beside
// inserts is not allowed.
#pragma once

#include <tbb/concurrent_hash_map.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "redis/record.h"

namespace map_read_write {

class Collector {
 public:
  void add(const redis::Record& record) {
    Records::accessor element;
    records_.insert(element, record.key);
    element->second = record;
  }

  std::optional<redis::Record> find(const std::string& key) const {
    Records::const_accessor element;
    if (!records_.find(element, key)) return std::nullopt;
    return element->second;
  }

  std::size_t size() const { return records_.size(); }

 private:
  // The standard allocator: ThreadSanitizer cannot follow memory that TBB's own hands on.
  using Records =
      tbb::concurrent_hash_map<std::string, redis::Record, tbb::tbb_hash_compare<std::string>,
                               std::allocator<std::pair<const std::string, redis::Record>>>;

  Records records_;
};

}  // namespace map_read_write
