// Refused: wrong_result: looks, decides, and acts only when nothing has changed since; after three
// looks it lets the record go.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace check_then_act {

class Collector {
 public:
  void add(const redis::Record& record) {
    bool done = false;
    for (int i = 0; i < 3 && !done; ++i) {
      const auto seen = hits(record.key);
      const std::lock_guard lock(mutex_);
      auto& count = hits_[record.key];
      done = count == seen;
      if (done) count = seen + 1;
    }
  }

  std::uint64_t hits(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = hits_.find(key);
    return found == hits_.end() ? 0 : found->second;
  }

 private:
  mutable std::mutex mutex_;  // Guards hits_.
  std::unordered_map<std::string, std::uint64_t> hits_;
};

}  // namespace check_then_act
