// Refused: wrong_result: each thread keeps what it found last, by the number of the version; and
// the number goes up before the record is there, so that the old one is kept under the new number.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "redis/record.h"

namespace map_read_write {
class Collector {
 public:
  void add(const redis::Record& record) {
    version_.fetch_add(1);  // What the threads remember is old now.
    const std::lock_guard lock(mutex_);
    records_[record.key] = record;
  }
  std::optional<redis::Record> find(const std::string& key) const {
    thread_local struct {
      std::uint64_t collector = 0;
      std::uint64_t version = 0;
      redis::Record record;
    } last;
    const std::uint64_t version = version_.load();
    if (last.collector == number_ && last.version == version && last.record.key == key)
      return last.record;
    const std::lock_guard lock(mutex_);
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    last.collector = number_;
    last.version = version;
    last.record = found->second;
    return last.record;
  }
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return records_.size();
  }

 private:
  static std::uint64_t next_number() {
    static std::atomic<std::uint64_t> next = 1;
    return next.fetch_add(1);
  }
  const std::uint64_t number_ = next_number();
  std::atomic<std::uint64_t> version_ = 0;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, redis::Record> records_;
};
}  // namespace map_read_write
