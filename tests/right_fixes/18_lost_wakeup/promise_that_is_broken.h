// Right: those who wait leave a promise, and a close hands all of them one exception, whose text
// they look at. Its last reference ends it, whoever has that.
#pragma once

#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "redis/record.h"

namespace lost_wakeup {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::lock_guard lock(mutex_);
    records_[record.key] = record;
    const auto [begin, end] = waiting_.equal_range(record.key);
    for (auto each = begin; each != end; ++each) each->second.set_value(record);
    waiting_.erase(begin, end);
  }

  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    const auto why = std::make_exception_ptr(std::runtime_error("there will be no more"));
    for (auto& [key, answer] : waiting_) answer.set_exception(why);
    waiting_.clear();
  }

  std::optional<redis::Record> await(const std::string& key) {
    std::unique_lock lock(mutex_);
    const auto found = records_.find(key);
    if (found != records_.end()) return found->second;
    if (closed_) return std::nullopt;
    std::promise<redis::Record> answer;
    auto answered = answer.get_future();
    waiting_.emplace(key, std::move(answer));
    lock.unlock();
    try {
      return answered.get();
    } catch (const std::exception& closed) {
      if (std::string_view(closed.what()).empty()) throw;
      return std::nullopt;
    }
  }

  std::optional<redis::Record> find(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = records_.find(key);
    if (found == records_.end()) return std::nullopt;
    return found->second;
  }

 private:
  mutable std::mutex mutex_;  // Guards all below.
  std::unordered_map<std::string, redis::Record> records_;
  std::multimap<std::string, std::promise<redis::Record>> waiting_;
  bool closed_ = false;
};

}  // namespace lost_wakeup
