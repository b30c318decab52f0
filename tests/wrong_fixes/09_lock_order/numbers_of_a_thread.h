// Refused: deadlock: the numbers that order the locks are counted by each thread: two threads that
// make a collector each give both the same.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace lock_order {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    ++requests_[record.key];
  }
  void merge(Collector& other) {
    if (this == &other) return;
    auto& first = number_ <= other.number_ ? *this : other;
    auto& second = number_ <= other.number_ ? other : *this;
    const std::lock_guard first_lock(first.mutex_);
    const std::lock_guard second_lock(second.mutex_);
    for (const auto& [key, count] : other.requests_) requests_[key] += count;
    other.requests_.clear();
  }
  std::uint64_t requests(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = requests_.find(key);
    return found == requests_.end() ? 0 : found->second;
  }

 private:
  static std::uint64_t next_number() {
    thread_local std::uint64_t last = 0;
    return ++last;
  }
  const std::uint64_t number_ = next_number();
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::uint64_t> requests_;
};

}  // namespace lock_order
