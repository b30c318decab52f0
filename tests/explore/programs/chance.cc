// Programs whose steps depend on more than the schedule.
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <atomic>
#include <mutex>

#include "tests/explore/programs/together.h"

namespace {

// Memory that the explorer does not know of, and so cannot restore before each schedule. Private:
// each process starts with 0, as it starts with the same addresses. Shared: nothing is ever twice.
int* counter(int flags) {
  return static_cast<int*>(
      mmap(nullptr, sizeof(int), PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0));
}
int* const schedules_here = counter(MAP_PRIVATE);
int* const schedules_anywhere = counter(MAP_SHARED);

// The n-th time takes a lock n times: no two are alike.
void differ(int* times) {
  std::mutex mutex;
  const int count = ++*times;
  for (int i = 0; i < count; ++i) const std::lock_guard lock(mutex);
}

// Each thread counts once: nothing is lost when one runs after the other.
void look_then_count(std::atomic<int>& count) {
  const int before = count;
  count = before + 1;
}

void lose_a_count(int* times) {
  differ(times);
  std::atomic<int> count = 0;
  together([&] { look_then_count(count); }, [&] { look_then_count(count); });
  EXPECT_EQ(count, 2);
}

TEST(Diverges, LosesACountAndIsTheSameInEachProcess) { lose_a_count(schedules_here); }

TEST(Diverges, LosesACountAndIsNeverTheSame) { lose_a_count(schedules_anywhere); }

TEST(Diverges, LosesNothing) {
  differ(schedules_here);
  std::atomic<int> count = 0;
  together([&] { ++count; }, [&] { ++count; });
  EXPECT_EQ(count, 2);
}

}  // namespace
