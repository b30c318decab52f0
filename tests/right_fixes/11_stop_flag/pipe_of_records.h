// Right: records go through a pipe, as pointers; the receiver owns what it reads.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

#include "redis/record.h"

namespace stop_flag {

class Collector {
 public:
  Collector() {
    if (::pipe(ends_) != 0) std::abort();
    receiver_ = std::thread([this] { receive(); });
  }
  Collector(const Collector&) = delete;
  ~Collector() {
    stop();
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  void add(const redis::Record& record) {
    const std::lock_guard lock(senders_);
    if (!stopped_) send(new redis::Record(record));
  }
  void stop() {
    {
      const std::lock_guard lock(senders_);
      if (!stopped_) send(nullptr);
      stopped_ = true;
    }
    if (receiver_.joinable()) receiver_.join();
  }
  std::uint64_t requests(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = requests_.find(key);
    return found == requests_.end() ? 0 : found->second;
  }

 private:
  void send(const redis::Record* record) {
    if (::write(ends_[1], &record, sizeof record) != sizeof record) std::abort();
  }
  void receive() {
    for (;;) {
      const redis::Record* record = nullptr;
      if (::read(ends_[0], &record, sizeof record) != sizeof record) std::abort();
      if (record == nullptr) return;
      {
        const std::lock_guard lock(mutex_);
        ++requests_[record->key];
      }
      delete record;
    }
  }
  int ends_[2] = {-1, -1};
  std::mutex senders_;
  bool stopped_ = false;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::uint64_t> requests_;
  std::thread receiver_;
};

}  // namespace stop_flag
