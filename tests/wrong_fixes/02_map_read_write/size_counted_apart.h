// Refused: wrong_result: size() without a lock, from an atomic that counts adds. Keys and adds are
// not the same number.
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace map_read_write {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    records_[record.key] = record;
    ++size_;
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

  std::size_t size() const { return size_.load(); }

 private:
  mutable std::mutex mutex_;  // Guards records_.
  std::unordered_map<std::string, redis::Record> records_;
  std::atomic<std::size_t> size_ = 0;
};

}  // namespace map_read_write
