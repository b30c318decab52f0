#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "redis/capture.h"
#include "redis/proxy.h"
#include "redis/session.h"

namespace lab::view {

struct FeedOptions {
  // Records of live connections, or of a recorded session.
  std::optional<redis::ProxyOptions> proxy;
  redis::Session session;
  double speed = 0;  // Of the session's time, as redis::ReplayOptions.

  std::optional<std::filesystem::path> record_to;  // A session file to write.
  std::uint64_t records_max = UINT64_MAX;
};

// Brings records from where they come to where they are shown: opens each sink on each capture
// thread, counts, and writes the recording. Thread-safe.
class Feed {
 public:
  // Starts at once. Throws std::runtime_error, with a sentence, when it cannot.
  Feed(FeedOptions options, std::vector<redis::OpenCapture> sinks, redis::Tell tell);
  ~Feed();
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  // Ends the feed, waits for the capture threads and completes the recording. The proxy's port is
  // free afterwards. Not for the capture threads themselves.
  void stop();
  // Waits until the feed has ended - stopped, all records passed on, the server gone - or the time
  // is over; true when it has ended.
  bool wait_for(std::chrono::milliseconds limit);

  std::uint64_t count() const { return passed_on_; }
  std::uint16_t port() const { return proxy_ ? proxy_->port() : 0; }
  // What went wrong, in a sentence, or empty.
  std::string trouble() const;

 private:
  redis::Add open(std::uint32_t connection);
  bool takes_one_more();
  void record(const redis::Record& record);
  void complete_recording();
  void end(const std::string& trouble);

  const FeedOptions options_;
  const std::vector<redis::OpenCapture> sinks_;
  std::atomic<std::uint64_t> seen_{0};
  std::atomic<std::uint64_t> passed_on_{0};
  std::stop_source stop_;

  mutable std::mutex mutex_;  // Guards has_ended_, trouble_.
  std::condition_variable ended_;
  bool has_ended_ = false;
  std::string trouble_;

  std::mutex recording_mutex_;  // Guards recording_.
  std::ofstream recording_;

  std::unique_ptr<redis::Proxy> proxy_;
  std::thread replaying_;
};

}  // namespace lab::view
