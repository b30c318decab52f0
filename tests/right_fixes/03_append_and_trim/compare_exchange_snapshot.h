// Versions that never change, published by compare-and-exchange on a shared_ptr. Right: a version
// is published only in place of the one that it was copied from, and else made anew.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "redis/record.h"

namespace append_and_trim {

class Collector {
 public:
  explicit Collector(std::size_t records_max = 100) : records_max_(records_max) {}

  void add(const redis::Record& record) {
    auto seen = std::atomic_load(&records_);
    std::shared_ptr<const Records> next;
    // A try fails only when another thread's succeeded, so some thread always gets on.
    do {
      auto records = *seen;
      records.push_back(record);
      if (records.size() > records_max_) records.erase(records.begin());
      next = std::make_shared<const Records>(std::move(records));
    } while (!std::atomic_compare_exchange_strong(&records_, &seen, next));
  }

  std::vector<redis::Record> recent() const { return *std::atomic_load(&records_); }

 private:
  using Records = std::vector<redis::Record>;

  const std::size_t records_max_;
  std::shared_ptr<const Records> records_ = std::make_shared<const Records>();  // Newest last.
};

}  // namespace append_and_trim
