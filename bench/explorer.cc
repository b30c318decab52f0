// How many schedules the explorer runs in a second, on one core, of a drill of two threads and
// about 400 accesses:
//   ninja -C build/tsan bench_explorer
//   taskset -c 0 build/tsan/bin/bench_explorer --bound=9 --budget-seconds=10 --events=FILE
// The event of each test says how many it ran, and in how many seconds.
#include <gtest/gtest.h>

#include <array>
#include <mutex>
#include <thread>

namespace {

constexpr int kAccesses = 200;  // Of each thread: a read and a write of each of ten, ten times.

// Locks now and then, as a collector does: twenty accesses under each lock.
TEST(Explorer, TwoThreadsAndFourHundredAccesses) {
  std::array<int, 10> counts{};
  std::mutex mutex;
  const auto count = [&] {
    for (int i = 0; i < kAccesses / 20; ++i) {
      const std::lock_guard lock(mutex);
      for (int& number : counts) ++number;
    }
  };
  std::thread one(count);
  std::thread other(count);
  one.join();
  other.join();
  EXPECT_EQ(counts[0], kAccesses / 10);
}

}  // namespace
