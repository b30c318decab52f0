// Threads that wait by going round, with more schedules than a test can exhaust.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "tests/explore/programs/together.h"

namespace {

using namespace std::chrono_literals;

// As with oneTBB's maps: who finds the element held lets its bucket go, yields and takes it again.
// Two who go round so change something each time; the one that holds it gets its turn all the same.
TEST(Pass, TwoWhoChangeSomethingAsTheySpinLetTheThirdRun) {
  std::atomic<bool> held = true;
  std::atomic<int> looks = 0;
  const auto wait = [&] {
    while (held) {
      ++looks;
      std::this_thread::yield();
    }
  };
  together(
      wait, [&] { held = false; }, wait);
  EXPECT_FALSE(held);
}

// Who looks under a lock keeps from running the one that it waits for, who so never could run all
// the while.
TEST(Pass, WhoLooksUnderALockLetsTheOneRunWhomTheLockKeepsOut) {
  std::mutex mutex;
  std::condition_variable never;
  bool arrived = false;
  bool done = false;
  const auto is_done = [&] {
    const std::lock_guard lock(mutex);
    return done;
  };
  together(
      [&] {
        std::unique_lock lock(mutex);
        while (!arrived) never.wait_for(lock, 1ms);
        done = true;
      },
      [&] {
        const std::lock_guard lock(mutex);
        arrived = true;
      },
      [&] {
        while (!is_done()) std::this_thread::yield();
      });
  EXPECT_TRUE(done);
}

// Two receivers that look every millisecond do not go round between them for ever.
TEST(Pass, TwoWhoWaitWithALimitLetTheThirdRun) {
  struct Receiver {
    std::mutex mutex;
    std::condition_variable never;
    bool stopped = false;
    void receive() {
      for (std::unique_lock lock(mutex); !stopped;) never.wait_for(lock, 1ms);
    }
    void stop() {
      const std::lock_guard lock(mutex);
      stopped = true;
    }
  };
  Receiver one, other;
  together([&] { one.receive(); }, [&] { other.receive(); },
           [&] {
             one.stop();
             other.stop();
           });
  EXPECT_TRUE(one.stopped && other.stopped);
}

}  // namespace
