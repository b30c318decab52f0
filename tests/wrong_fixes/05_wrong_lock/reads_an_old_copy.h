// Refused: wrong_result: readers get a copy under a lock of its own, which add() renews every so
// often: the two sides share no data any more, and the copy lags behind.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "redis/record.h"

namespace wrong_lock {

struct Totals {
  std::uint64_t requests = 0;
  std::int64_t latency_us = 0;

  friend bool operator==(const Totals&, const Totals&) = default;
};

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(write_mutex_);
    auto& totals = totals_[record.command];
    ++totals.requests;
    totals.latency_us += record.latency_us;
    if (++since_copy_ < kRecordsPerCopy) return;
    since_copy_ = 0;
    const std::lock_guard read_lock(read_mutex_);
    copy_ = totals_;
  }

  // Nothing before the first record of the command.
  Totals totals(const std::string& command) const {
    const std::lock_guard lock(read_mutex_);
    const auto found = copy_.find(command);
    return found == copy_.end() ? Totals{} : found->second;
  }

 private:
  static constexpr int kRecordsPerCopy = 4;

  std::mutex write_mutex_;  // Guards totals_ and since_copy_; taken before read_mutex_.
  std::map<std::string, Totals> totals_;  // By command.
  int since_copy_ = 0;
  mutable std::mutex read_mutex_;  // Guards copy_.
  std::map<std::string, Totals> copy_;
};

}  // namespace wrong_lock
