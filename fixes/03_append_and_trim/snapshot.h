// Copy on write: a version of the list never changes once it is published. Writers publish the next
// one; a reader keeps the one that it took for as long as it likes.
//
// Happens-before: each unlock to the next lock of mutex_, so the making of a version to every
// reader that takes it. Costs: the whole list is copied for each record. Readers hold the lock for
// a pointer's copy only. std::atomic<std::shared_ptr> would do, but ThreadSanitizer flags
// libstdc++'s.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "redis/record.h"

namespace append_and_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {}

  void add(const redis::Record& record) {
    const std::lock_guard one_writer(writing_);
    auto next = *latest();
    next.push_back(record);
    if (next.size() > records_max_) next.erase(next.begin());
    publish(std::move(next));
  }

  std::vector<redis::Record> recent() const { return *latest(); }

 private:
  using Records = std::vector<redis::Record>;

  std::shared_ptr<const Records> latest() const {
    const std::lock_guard lock(mutex_);
    return records_;
  }
  void publish(Records next) {
    auto version = std::make_shared<const Records>(std::move(next));
    const std::lock_guard lock(mutex_);
    records_.swap(version);  // The old version goes after the lock.
  }

  const std::size_t records_max_;
  std::mutex writing_;        // One writer at a time, from copy to publication.
  mutable std::mutex mutex_;  // Guards records_, not what it points to.
  std::shared_ptr<const Records> records_ = std::make_shared<const Records>();  // Newest last.
};

}  // namespace append_and_trim
