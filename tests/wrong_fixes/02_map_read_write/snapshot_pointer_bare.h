// Refused: race: copy on write with a shared_ptr. Its count is atomic; the pointer itself, which
// one thread replaces while another copies it, is not.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "redis/record.h"

namespace map_read_write {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    auto next = std::make_shared<Records>(*records_);
    (*next)[record.key] = record;
    records_ = std::move(next);
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const auto records = records_;
    const auto found = records->find(key);
    if (found == records->end()) return std::nullopt;
    return found->second;
  }

  std::size_t size() const { return records_->size(); }

 private:
  using Records = std::unordered_map<std::string, redis::Record>;

  std::mutex mutex_;  // Guards records_, in add() alone.
  std::shared_ptr<const Records> records_ = std::make_shared<Records>();
};

}  // namespace map_read_write
