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

// As stacks_of() gives them: below eu-stack's frames of the program stand its functions and lines.
constexpr const char* kWithLines =
    "PID 7 - process\n"
    "TID 7:\n#0  0x1 clock_nanosleep\n#1  0x2 drill::report_stuck(unsigned long)\n"
    "    #0 drill::report_stuck(unsigned long) /code/drill/events.cc:9:3 (a+0x2)\n"
    "TID 8:\n#0  0x1 __sanitizer::internal_usleep\n#1  0x2 __tsan::BackgroundThread(void*)\n"
    "TID 9:\n#0  0x1 __pthread_mutex_lock@GLIBC_2.2.5\n#1  0x2 run\n"
    "    #0 std::mutex::lock() /usr/include/c++/12/bits/std_mutex.h:100:3 (a+0x2)\n"
    "    #1 map::Collector::add() /a cöurse/attempts/02_map.h:18:5 (a+0x2)\n"
    "    #2 map::Collector::size() /a cöurse/attempts/02_map.h:30:5 (a+0x2)\n";

TEST(WhereThreadsStand, IsTheirInnermostOwnLine) {
  const auto stands = where_threads_stand(kWithLines, {.paths = {"/a cöurse/attempts/02_map.h"}});
  ASSERT_EQ(stands.size(), 1u);
  EXPECT_EQ(stands[0].thread, "thread 1");
  EXPECT_EQ(stands[0].at.function, "map::Collector::add()");
  EXPECT_EQ(stands[0].at.line, 18);
}

TEST(WhereThreadsStand, IsNowhereWithoutLines) {
  const report::Own own{.paths = {"/a/02_map.h"}};
  EXPECT_TRUE(where_threads_stand(std::string(kMainInDrill) + kLocked, own).empty());
  EXPECT_TRUE(where_threads_stand("", own).empty());
}

TEST(AllBlocked, AsksNoLineOfTheProgramsOwn) {
  EXPECT_TRUE(all_blocked(kWithLines));
  EXPECT_FALSE(all_blocked(std::string(kWithLines) + kRunning +
                           "    #0 pthread_mutex_lock /a/02_map.h:3:1 (a+0x2)\n"));
}

TEST(WithLines, LeavesOutWhatItCannotName) {
  EXPECT_EQ(with_lines("PID 7 - process\nTID 7:\n#0  0x1 f - /nowhere/a\n    [12ab]@0x55+0x2\n"
                       "#1  0x2 g - /usr/lib/libc.so.6\n    [34]@0x77+0x9\n"),
            "PID 7 - process\nTID 7:\n#0  0x1 f\n#1  0x2 g\n");
}

TEST(Readable, ShowsEachFrameOnceByItsLine) {
  EXPECT_EQ(readable("PID 7 - process\nTID 7:\n#0  0x1 futex_wait\n#1  0x2 inlined\n"
                     "    #0 inner() a.cc:3 (a+0x1)\n    #1 outer() a.cc:9 (a+0x1)\n#2  0x3 start\n"
                     "TID 8:\n#0  0x4 g\n"),
            "PID 7 - process\nTID 7:\n  #0 futex_wait\n  #1 inner() a.cc:3 (a+0x1)\n"
            "  #2 outer() a.cc:9 (a+0x1)\n  #3 start\nTID 8:\n  #0 g\n");
  EXPECT_EQ(readable(""), "");
}

TEST(AllBlocked, NotWithoutAnyThreadOfTheTest) {
  EXPECT_FALSE(all_blocked(kMainInDrill));
  EXPECT_FALSE(all_blocked(""));
}

}  // namespace
}  // namespace lab::verdict
