#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace drill {

// A bounded queue with cancellation between threads: Go's buffered channel and its ctx.Done. Any
// thread may send and receive. Values arrive once each, those of one sender in the order sent.
// Happens-before: each send() to the receive() that returns its value, and each receive() to a
// send() that waited for the room it made.
// Every wait ends when the token of the call is asked to stop. Outlives its callers' calls.
template <class T>
class Channel {
 public:
  // `capacity`: values held at most, at least 1.
  explicit Channel(std::size_t capacity) : capacity_(capacity) {}

  // Waits for room. Returns false, and drops the value, when `stop` is requested before there was.
  bool send(T value, const std::stop_token& stop) {
    {
      std::unique_lock lock(mutex_);
      const auto has_room = [this] { return values_.size() < capacity_; };
      // To wait is dear even when there is nothing to wait for: it tells the token to wake it.
      if (!has_room() && !room_.wait(lock, stop, has_room)) return false;
      values_.push_back(std::move(value));
    }
    arrived_.notify_one();
    return true;
  }

  // Waits for a value. Returns none when `stop` is requested and none is left: what was sent
  // before the stop is still received.
  std::optional<T> receive(const std::stop_token& stop) {
    std::optional<T> value;
    {
      std::unique_lock lock(mutex_);
      const auto has_value = [this] { return !values_.empty(); };
      if (!has_value() && !arrived_.wait(lock, stop, has_value)) return std::nullopt;
      value = std::move(values_.front());
      values_.pop_front();
    }
    room_.notify_one();
    return value;
  }

  // Values that were sent and not received yet.
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return values_.size();
  }

 private:
  const std::size_t capacity_;
  mutable std::mutex mutex_;  // Guards values_.
  std::condition_variable_any arrived_;
  std::condition_variable_any room_;
  std::deque<T> values_;
};

}  // namespace drill
