// A sorted vector under an atomic_flag that one waits for. Right: it is set before any look and
// cleared after the copy, and a move of the elements harms nobody who has a copy.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "redis/record.h"

namespace escaped_reference {

// What the screen shows of a key.
class Stats {
 public:
  void add(const redis::Record& record) {
    ++requests_;
    latency_us_ += record.latency_us;
    ++commands_[record.command];
  }

  std::int64_t requests() const { return requests_; }
  std::int64_t mean_latency_us() const { return requests_ == 0 ? 0 : latency_us_ / requests_; }
  std::int64_t count(const std::string& command) const {
    const auto found = commands_.find(command);
    return found == commands_.end() ? 0 : found->second;
  }

 private:
  std::int64_t requests_ = 0;
  std::int64_t latency_us_ = 0;  // Of all of them.
  std::map<std::string, std::int64_t> commands_;
};

class Collector {
 public:
  void add(const redis::Record& record) {
    const Turn turn(taken_);
    const auto place = stats_.begin() + place_of(record.key);
    const bool known = place != stats_.end() && place->first == record.key;
    const auto entry = known ? place : stats_.emplace(place, record.key, Stats());
    entry->second.add(record);
  }

  std::unique_ptr<Stats> find(const std::string& key) const {
    const Turn turn(taken_);
    const auto place = stats_.begin() + place_of(key);
    const bool known = place != stats_.end() && place->first == key;
    return known ? std::make_unique<Stats>(place->second) : nullptr;
  }

 private:
  class Turn {
   public:
    explicit Turn(std::atomic_flag& taken) : taken_(taken) {
      while (taken_.test_and_set()) taken_.wait(true);
    }
    ~Turn() {
      taken_.clear();
      taken_.notify_one();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    std::atomic_flag& taken_;
  };

  std::ptrdiff_t place_of(const std::string& key) const {
    const auto before = [](const auto& entry, const auto& wanted) { return entry.first < wanted; };
    return std::lower_bound(stats_.begin(), stats_.end(), key, before) - stats_.begin();
  }

  mutable std::atomic_flag taken_;                    // Guards stats_.
  std::vector<std::pair<std::string, Stats>> stats_;  // By key, sorted.
};

}  // namespace escaped_reference
