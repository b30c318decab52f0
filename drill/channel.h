#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace drill {

// A bounded queue with cancellation between threads: Go's buffered channel and its ctx.Done. Any
// thread may send and receive. Values arrive once each, those of one sender in the order sent.
// Happens-before: each send() to the receive() that returns its value, and each receive() to a
// send() that waited for the room it made.
// Every wait ends when the token of the call is asked to stop. Outlives its callers' calls, and the
// wish to stop them.
template <class T>
class Channel {
 public:
  // `capacity`: values held at most, at least 1.
  explicit Channel(std::size_t capacity) : capacity_(capacity) {}

  // Waits for room. Returns false, and drops the value, when `stop` is requested before there was.
  bool send(T value, const std::stop_token& stop = {}) {
    std::optional<Waker> waker;
    std::unique_lock lock(mutex_);
    const auto has_room = [this] { return values_.size() < capacity_; };
    if (!has_room() && !wait(room_, lock, stop, waker, has_room)) return false;
    values_.push_back(std::move(value));
    arrived_.notify_one();
    return true;
  }

  // Waits for a value. Returns none when `stop` is requested and none is left: what was sent
  // before the stop is still received.
  std::optional<T> receive(const std::stop_token& stop = {}) {
    std::optional<Waker> waker;
    std::unique_lock lock(mutex_);
    const auto has_value = [this] { return !values_.empty(); };
    if (!has_value() && !wait(arrived_, lock, stop, waker, has_value)) return std::nullopt;
    std::optional<T> value(std::move(values_.front()));
    values_.pop_front();
    room_.notify_one();
    return value;
  }

  // Values that were sent and not received yet.
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return values_.size();
  }

 private:
  // Wakes those who wait when a stop is requested. It takes the lock for that, so it must be made
  // and ended without: to end it waits for its call, if that has begun.
  using Waker = std::stop_callback<std::function<void()>>;

  // Returns whether `ready` holds, under the lock; if not, the stop was requested.
  template <class Ready>
  bool wait(std::condition_variable& changed, std::unique_lock<std::mutex>& lock,
            const std::stop_token& stop, std::optional<Waker>& waker, const Ready& ready) {
    if (stop.stop_possible() && stop != waking_) {
      // To ask a token is dear: done once for good for the first who waits, mostly a receiver.
      const bool first = !std::exchange(has_waker_, true);
      if (first) waking_ = stop;
      lock.unlock();
      (first ? waker_ : waker).emplace(stop, [this] {
        const std::lock_guard ordered(mutex_);  // Not between another's look and its wait.
        arrived_.notify_all();
        room_.notify_all();
      });
      lock.lock();
    }
    changed.wait(lock, [&] { return ready() || stop.stop_requested(); });
    return ready();
  }

  const std::size_t capacity_;
  mutable std::mutex mutex_;  // Guards all below.
  std::condition_variable arrived_;
  std::condition_variable room_;
  std::deque<T> values_;
  bool has_waker_ = false;
  std::stop_token waking_;      // The token of waker_.
  std::optional<Waker> waker_;  // Ends first.
};

}  // namespace drill
