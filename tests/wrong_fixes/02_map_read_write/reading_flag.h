// Refused: race: a read-write lock of one's own whose readers set a flag instead of counting: the
// first of two readers to leave lets the writer in on the second.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace map_read_write {

class ReadWriteLock {
 public:
  void lock() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !reading_ && !writing_; });
    writing_ = true;
  }
  void unlock() {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    changed_.notify_all();
  }
  void lock_shared() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !writing_; });
    reading_ = true;
  }
  void unlock_shared() {
    const std::lock_guard lock(mutex_);
    reading_ = false;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool reading_ = false;
  bool writing_ = false;
};
class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(lock_);
    records_[record.key] = record;
  }
  std::optional<redis::Record> find(const std::string& key) const {
    lock_.lock_shared();
    std::optional<redis::Record> result;
    const auto found = records_.find(key);
    if (found != records_.end()) result = found->second;
    lock_.unlock_shared();
    return result;
  }
  std::size_t size() const {
    lock_.lock_shared();
    const auto size = records_.size();
    lock_.unlock_shared();
    return size;
  }

 private:
  mutable ReadWriteLock lock_;
  std::unordered_map<std::string, redis::Record> records_;
};

}  // namespace map_read_write
