// What the fixes are measured beside: oneTBB's map as it comes, with its own allocator.
#pragma once

#include <tbb/concurrent_hash_map.h>

#include <cstddef>
#include <optional>
#include <string>

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
  using Records = tbb::concurrent_hash_map<std::string, redis::Record>;

  Records records_;
};

}  // namespace map_read_write
