// Refused: race: lookups give the insert a moment to end. Time orders nothing: the next insert may
// begin whenever it likes, and the detector knows.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>

#include "redis/record.h"

namespace map_read_write {

class Collector {
 public:
  void add(const redis::Record& record) { records_[record.key] = record; }

  std::optional<redis::Record> find(const std::string& key) const {
    std::this_thread::sleep_for(kMoment);
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

  std::size_t size() const { return records_.size(); }

 private:
  static constexpr auto kMoment = std::chrono::milliseconds(1);
  std::unordered_map<std::string, redis::Record> records_;
};

}  // namespace map_read_write
