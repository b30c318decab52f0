// Threads that wait by going round, with more schedules than a test can exhaust.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/explore/programs/together.h"

namespace {

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

}  // namespace
