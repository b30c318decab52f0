// The data cannot be had without its lock: a wrapper gives access only to a function that runs
// while it is held, after folly::Synchronized. Right, and the wrong lock is impossible to write.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <type_traits>
#include <utility>

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
    totals_.change([&](auto& all) {
      auto& totals = all[record.command];
      ++totals.requests;
      totals.latency_us += record.latency_us;
    });
  }

  // Nothing before the first record of the command.
  Totals totals(const std::string& command) const {
    return totals_.read([&](const auto& all) {
      const auto found = all.find(command);
      return found == all.end() ? Totals{} : found->second;
    });
  }

 private:
  template <class Data>
  class Guarded {
   public:
    template <class Use>
    std::invoke_result_t<Use, Data&> change(Use use) {
      const std::lock_guard lock(mutex_);
      return use(data_);
    }
    template <class Use>
    std::invoke_result_t<Use, const Data&> read(Use use) const {
      const std::lock_guard lock(mutex_);
      return use(std::as_const(data_));
    }

   private:
    mutable std::mutex mutex_;  // Guards data_.
    Data data_;
  };

  Guarded<std::map<std::string, Totals>> totals_;  // By command.
};

}  // namespace wrong_lock
