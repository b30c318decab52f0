#include "lab/verdict/stacks.h"

#include <gtest/gtest.h>

namespace lab::verdict {
namespace {

constexpr const char* kMainInDrill =
    "PID 7 - process\nTID 7:\n#0  0x1 clock_nanosleep\n#1  0x2 drill::report_stuck(unsigned long)\n"
    "TID 8:\n#0  0x1 __sanitizer::internal_usleep\n#1  0x2 __tsan::BackgroundThread(void*)\n";
constexpr const char* kLocked =
    "TID 9:\n#0  0x1 __GI___lll_lock_wait\n#1  0x2 __pthread_mutex_lock@GLIBC_2.2.5\n";
constexpr const char* kTimedWait =
    "TID 10:\n#0  0x1 __futex_abstimed_wait_common\n#1  0x2 pthread_cond_clockwait@GLIBC_2.30\n";
constexpr const char* kRunning = "TID 11:\n#0  0x1 map_read_write::Collector::add()\n";
constexpr const char* kAtomicWait =
    "TID 12:\n#0  0x1 syscall\n#1  0x2 void std::__detail::__platform_wait<int>(int const*, int)\n";

TEST(AllBlocked, ThreadsThatWaitForLocksAndAtomics) {
  EXPECT_TRUE(all_blocked(std::string(kMainInDrill) + kLocked + kAtomicWait));
}

TEST(AllBlocked, NotWhenOneRuns) {
  EXPECT_FALSE(all_blocked(std::string(kMainInDrill) + kLocked + kRunning));
}

TEST(AllBlocked, NotWhenAWaitEndsByItself) {
  EXPECT_FALSE(all_blocked(std::string(kMainInDrill) + kLocked + kTimedWait));
}

TEST(AllBlocked, NotWithoutAnyThreadOfTheTest) {
  EXPECT_FALSE(all_blocked(kMainInDrill));
  EXPECT_FALSE(all_blocked(""));
}

}  // namespace
}  // namespace lab::verdict
