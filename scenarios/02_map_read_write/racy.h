// Capture threads insert the latest record of each key while the UI thread looks one up. This is
// the crash that began it all: `kyanos watch redis` died of "concurrent map read and map write".
//
// Fault: data race: write in add() against read in find(), on records_.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace map_read_write {

class Collector {
 public:
  void add(const redis::Record& record) { records_[record.key] = record; }

  std::optional<redis::Record> find(const std::string& key) const {
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

  std::size_t size() const { return records_.size(); }

 private:
  std::unordered_map<std::string, redis::Record> records_;
};

}  // namespace map_read_write
