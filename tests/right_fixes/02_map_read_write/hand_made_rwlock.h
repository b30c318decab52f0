// A read-write lock made of a mutex and a condition variable. Right: readers count themselves in
// and out under the mutex, and a writer waits until the count is nought, holding it.
#pragma once

#include <condition_variable>
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
    std::unique_lock lock(mutex_);
    // Ends, since each reader leaves after one lookup.
    none_reads_.wait(lock, [this] { return readers_ == 0; });
    records_[record.key] = record;
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const Reading reading(*this);
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

  std::size_t size() const {
    const Reading reading(*this);
    return records_.size();
  }

 private:
  class Reading {
   public:
    explicit Reading(const Collector& collector) : collector_(collector) {
      const std::lock_guard lock(collector_.mutex_);
      ++collector_.readers_;
    }
    ~Reading() {
      const std::lock_guard lock(collector_.mutex_);
      if (--collector_.readers_ == 0) collector_.none_reads_.notify_all();
    }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

   private:
    const Collector& collector_;
  };

  mutable std::mutex mutex_;  // Guards readers_; held by a writer while it writes.
  mutable std::condition_variable none_reads_;
  mutable int readers_ = 0;
  std::unordered_map<std::string, redis::Record> records_;
};

}  // namespace map_read_write
