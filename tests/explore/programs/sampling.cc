// A program with more schedules than the budget that its test gives it.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace {

// Operations that everybody could tell the order of: each a schedule point.
void take_steps(std::atomic<int>& value) {
  for (int i = 0; i < 60; ++i) ++value;
}

// Fails where the writer is preempted between its stages, and the reader between its looks.
TEST(Sampled, StagesAreNeverSeenToChange) {
  std::atomic<int> steps = 0;
  std::atomic<int> stage = 0;
  int first = 0;
  int second = 0;
  std::thread writer([&] {
    stage = 1;
    take_steps(steps);
    stage = 2;
    take_steps(steps);
  });
  std::thread reader([&] {
    take_steps(steps);
    first = stage;
    take_steps(steps);
    second = stage;
  });
  writer.join();
  reader.join();
  EXPECT_FALSE(first == 1 && second == 2);
}

}  // namespace
