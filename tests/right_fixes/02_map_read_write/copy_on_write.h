// Copy on write: each insert makes a new map. Right: the pointer is under a mutex, the map it
// points to never changes again, and writers make their copies under a lock that keeps other
// writers out.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "redis/record.h"

namespace map_read_write {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard one_writer(writing_);
    auto next = std::make_shared<Records>(*snapshot());
    (*next)[record.key] = record;
    const std::lock_guard lock(mutex_);
    records_ = std::move(next);
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const auto records = snapshot();
    const auto found = records->find(key);
    if (found == records->end()) return std::nullopt;
    return found->second;
  }

  std::size_t size() const { return snapshot()->size(); }

 private:
  using Records = std::map<std::string, redis::Record>;

  std::shared_ptr<const Records> snapshot() const {
    const std::lock_guard lock(mutex_);
    return records_;
  }

  std::mutex writing_;        // One writer at a time; taken before mutex_.
  mutable std::mutex mutex_;  // Guards records_.
  std::shared_ptr<const Records> records_ = std::make_shared<Records>();
};

}  // namespace map_read_write
