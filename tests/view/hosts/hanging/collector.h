#pragma once

#include <condition_variable>
#include <mutex>

#include "redis/record.h"

// Waits, from the first record on, for what nobody does.
class Collector {
 public:
  void add(const redis::Record&) {
    std::unique_lock lock(mutex_);
    never_.wait(lock, [] { return false; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable never_;
};
