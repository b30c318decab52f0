// Refused: deadlock: ten mutexes for all collectors, in their order; two of one number take the
// same twice.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace lock_order {
class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex());
    ++requests_[record.key];
  }
  void merge(Collector& other) {
    if (this == &other) return;
    const auto [first, second] = std::minmax({&mutex(), &other.mutex()});
    const std::lock_guard lock(*first);
    const std::lock_guard other_lock(*second);
    for (const auto& [key, count] : other.requests_) requests_[key] += count;
    other.requests_.clear();
  }
  std::uint64_t requests(const std::string& key) const {
    const std::lock_guard lock(mutex());
    const auto found = requests_.find(key);
    return found == requests_.end() ? 0 : found->second;
  }

 private:
  // Ten locks do for any number of collectors.
  std::mutex& mutex() const {
    static std::array<std::mutex, 10> mutexes;
    return mutexes[number_ % mutexes.size()];
  }
  static std::size_t next_number() {
    static std::atomic<std::size_t> next = 0;
    return next++;
  }
  const std::size_t number_ = next_number();
  std::unordered_map<std::string, std::uint64_t> requests_;
};
}  // namespace lock_order
