// A read-write lock: adding takes it alone, queries share it.
//
// Happens-before: each unlock to the next lock of mutex_ where either is exclusive, so every add()
// to every later query and to the next add().
// Costs: more than a mutex here. Nearly every call is an add(), and even a shared lock writes to
// the lock itself, for longer than reading one number takes.
#pragma once

#include <cstdint>
#include <mutex>
#include <shared_mutex>

#include "redis/record.h"

namespace lost_count {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::unique_lock lock(mutex_);
    ++records_;
    bytes_ += record.request_bytes + record.response_bytes;
  }

  std::uint64_t records() const {
    const std::shared_lock lock(mutex_);
    return records_;
  }

  std::uint64_t bytes() const {
    const std::shared_lock lock(mutex_);
    return bytes_;
  }

 private:
  mutable std::shared_mutex mutex_;  // Guards records_ and bytes_.
  std::uint64_t records_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace lost_count
