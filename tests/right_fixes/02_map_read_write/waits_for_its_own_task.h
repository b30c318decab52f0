// Each call is a task of its own, begun with std::async. Right, though nothing runs beside
// anything: the future's destructor waits for its task, and the task locks.
#pragma once

#include <cstddef>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace map_read_write {

class Collector {
 public:
  void add(const redis::Record& record) {
    const auto task = std::async(std::launch::async, [&] {
      const std::lock_guard lock(mutex_);
      records_[record.key] = record;
    });
  }

  std::optional<redis::Record> find(const std::string& key) const {
    auto task = std::async(std::launch::async, [&]() -> std::optional<redis::Record> {
      const std::lock_guard lock(mutex_);
      const auto found = records_.find(key);
      if (found == records_.end()) return std::nullopt;
      return found->second;
    });
    return task.get();
  }

  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return records_.size();
  }

 private:
  mutable std::mutex mutex_;  // Guards records_.
  std::unordered_map<std::string, redis::Record> records_;
};

}  // namespace map_read_write
