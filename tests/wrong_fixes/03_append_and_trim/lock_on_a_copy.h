// Refused: race: the mutex travels with the list through a struct that copies itself without it, so
// each reader locks the mutex of its own copy, made without a lock.
#pragma once

#include <cstddef>
#include <mutex>
#include <vector>

#include "redis/record.h"

namespace append_and_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {}

  void add(const redis::Record& record) {
    const std::lock_guard lock(list_.mutex);
    list_.records.push_back(record);
    if (list_.records.size() > records_max_) list_.records.erase(list_.records.begin());
  }

  std::vector<redis::Record> recent() const {
    auto list = list_;
    const std::lock_guard lock(list.mutex);
    return list.records;
  }

 private:
  struct List {
    List() = default;
    List(const List& other) : records(other.records) {}  // A mutex cannot be copied.

    std::mutex mutex;  // Guards records.
    std::vector<redis::Record> records;
  };

  const std::size_t records_max_;
  List list_;
};

}  // namespace append_and_trim
