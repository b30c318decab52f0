#include "lab/view/feed.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "redis/replay.h"

namespace lab::view {

Feed::Feed(FeedOptions options, std::vector<redis::OpenCapture> sinks, redis::Tell tell)
    : options_(std::move(options)), sinks_(std::move(sinks)) {
  if (options_.record_to) {
    recording_.open(*options_.record_to, std::ios::trunc);
    if (!recording_) {
      throw std::runtime_error(options_.record_to->string() +
                               " cannot be written: " + std::strerror(errno) + ".");
    }
    redis::write_session_header(recording_);
  }
  const redis::OpenCapture open_all = [this](std::uint32_t connection) { return open(connection); };
  if (options_.proxy) {
    proxy_ = std::make_unique<redis::Proxy>(*options_.proxy, open_all, std::move(tell));
    return;
  }
  replaying_ = std::thread([this, open_all] {
    redis::replay(options_.session, open_all, {.speed = options_.speed, .stop = stop_.get_token()});
    end("");
  });
}

Feed::~Feed() { stop(); }

void Feed::stop() {
  end("");
  proxy_.reset();
  if (replaying_.joinable()) replaying_.join();
  complete_recording();
}

bool Feed::wait_for(std::chrono::milliseconds limit) {
  constexpr std::chrono::milliseconds look_at_proxy{50};
  const auto until = std::chrono::steady_clock::now() + limit;
  for (;;) {
    if (proxy_ && proxy_->wait_for({})) end(proxy_->trouble());
    std::unique_lock lock(mutex_);
    const auto next = std::min(until, std::chrono::steady_clock::now() + look_at_proxy);
    if (ended_.wait_until(lock, next, [this] { return has_ended_; })) return true;
    if (next == until) return false;
  }
}

std::string Feed::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

redis::Add Feed::open(std::uint32_t connection) {
  std::vector<redis::Add> adds;
  adds.reserve(sinks_.size());
  for (const auto& sink : sinks_) adds.push_back(sink(connection));
  return [this, adds = std::move(adds)](const redis::Record& one) {
    if (!takes_one_more()) return;
    record(one);
    for (const auto& add : adds) add(one);
    if (++passed_on_ == options_.records_max) end("");
  };
}

bool Feed::takes_one_more() {
  return !stop_.stop_requested() && seen_.fetch_add(1) < options_.records_max;
}

void Feed::record(const redis::Record& record) {
  if (!options_.record_to) return;
  const std::lock_guard lock(recording_mutex_);
  redis::write_record(recording_, record);
  if (!recording_) end(options_.record_to->string() + " could not be written to its end.");
}

void Feed::complete_recording() {
  const std::lock_guard lock(recording_mutex_);
  if (!recording_.is_open()) return;
  recording_.close();
  if (recording_) return;
  const std::lock_guard trouble_lock(mutex_);
  trouble_ = options_.record_to->string() + " could not be written to its end.";
}

void Feed::end(const std::string& trouble) {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(has_ended_, true)) return;
    trouble_ = trouble;
  }
  stop_.request_stop();
  ended_.notify_all();
}

}  // namespace lab::view
