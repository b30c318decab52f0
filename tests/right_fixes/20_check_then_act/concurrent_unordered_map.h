// Right: oneTBB's unordered map finds or makes an element in one step, and moves none; the
// counts are atomic.
#pragma once

#include <tbb/concurrent_unordered_map.h>

#include <atomic>
#include <cstdint>
#include <string>

#include "redis/record.h"

namespace check_then_act {

class Collector {
 public:
  void add(const redis::Record& record) { hits_.emplace(record.key, 0).first->second.fetch_add(1); }
  std::uint64_t hits(const std::string& key) const {
    const auto found = hits_.find(key);
    return found == hits_.end() ? 0 : found->second.load();
  }

 private:
  tbb::concurrent_unordered_map<std::string, std::atomic<std::uint64_t>> hits_;
};
}  // namespace check_then_act
