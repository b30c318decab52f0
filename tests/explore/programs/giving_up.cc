// Loops that give up after long: what follows them is tried, too.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "tests/explore/programs/together.h"

namespace {

using namespace std::chrono_literals;

TEST(WrongResultWithTwoPreemptions, AHundredLooksAtAFlag) {
  std::atomic<bool> busy = false;
  int counted = 0;
  const auto count = [&] {
    for (int look = 0; look < 100; ++look) {
      if (busy.exchange(true)) continue;
      ++counted;
      busy = false;
      return;
    }
  };
  together(count, count);
  EXPECT_EQ(counted, 2);
}

TEST(WrongResultWithOnePreemption, AHundredYields) {
  std::atomic<bool> ready = false;
  bool seen = false;
  together([&] { ready = true; },
           [&] {
             for (int look = 0; look < 100 && !seen; ++look) {
               seen = ready;
               std::this_thread::yield();
             }
           });
  EXPECT_TRUE(seen);
}

TEST(WrongResultWithOnePreemption, AHundredSleeps) {
  std::mutex mutex;
  bool ready = false;
  bool seen = false;
  together(
      [&] {
        const std::lock_guard lock(mutex);
        ready = true;
      },
      [&] {
        for (int look = 0; look < 100 && !seen; ++look) {
          {
            const std::lock_guard lock(mutex);
            seen = ready;
          }
          std::this_thread::sleep_for(1ms);
        }
      });
  EXPECT_TRUE(seen);
}

// A bound of seconds is meant never to pass, however it is counted.
TEST(Pass, ThreeHundredSleepsThatMakeSeconds) {
  std::atomic<bool> ready = false;
  bool seen = false;
  together([&] { ready = true; },
           [&] {
             for (int look = 0; look < 300 && !seen; ++look) {
               seen = ready;
               std::this_thread::sleep_for(10ms);
             }
           });
  EXPECT_TRUE(seen);
}

// Whoever never gives up goes on for a while, and rests then.
TEST(Pass, ALookWithoutAnEnd) {
  std::atomic<bool> ready = false;
  together([&] { ready = true; },
           [&] {
             while (!ready) {
             }
           });
  EXPECT_TRUE(ready);
}

}  // namespace
