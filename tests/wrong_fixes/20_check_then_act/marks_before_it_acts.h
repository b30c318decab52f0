// Refused: wrong_result: check and mark are one step, as they should be; but the mark says "known"
// before the count is there, and the count is set when others have already counted.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "redis/record.h"

namespace check_then_act {

class Collector {
 public:
  void add(const redis::Record& record) {
    if (mark(record.key)) {
      const std::lock_guard lock(mutex_);
      hits_[record.key] = 1;
    } else {
      const std::lock_guard lock(mutex_);
      ++hits_[record.key];
    }
  }

  std::uint64_t hits(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = hits_.find(key);
    return found == hits_.end() ? 0 : found->second;
  }

 private:
  // True for the first who marks the key.
  bool mark(const std::string& key) {
    const std::lock_guard lock(mutex_);
    return marked_.insert(key).second;
  }

  mutable std::mutex mutex_;  // Guards hits_ and marked_.
  std::unordered_map<std::string, std::uint64_t> hits_;
  std::unordered_set<std::string> marked_;
};

}  // namespace check_then_act
