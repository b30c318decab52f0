#include "lab/report/joining.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "lab/report/causes.h"
#include "lab/report/explain.h"
#include "lab/report/reader.h"
#include "tests/report/kept.h"

// What is one cause and what is not, by what three compilers print of programs/.
namespace lab::report {
namespace {

std::vector<Cause> causes_of(const std::string& compiler, const std::string& program,
                             bool with_source) {
  const auto log = kept_log(compiler, program, with_source);
  const auto reports = read_reports(std::string_view(log));
  EXPECT_FALSE(reports.empty()) << compiler << " " << program;
  Sources sources({kReportTests});
  return find_causes(reports, {}, sources);
}

template <class Check>
void for_each_log(const std::string& program, Check check) {
  for (const std::string compiler : {"clang-14", "clang-19", "gcc-12"}) {
    for (const bool with_source : {true, false}) {
      SCOPED_TRACE(compiler + (with_source ? " with" : " without") + " the source");
      check(causes_of(compiler, program, with_source), compiler, with_source);
    }
  }
}

TEST(Joining, TakesAPointerAndWhatItLeadsToForOne) {
  for_each_log("double_checked", [](const auto& causes, const auto&, bool with_source) {
    ASSERT_EQ(causes.size(), 1u);
    EXPECT_GE(causes[0].reports.size(), 3u);
    EXPECT_EQ(causes[0].first.function, causes[0].second.function);
    EXPECT_EQ(causes[0].object, with_source ? "instance_" : "");
  });
}

// Two members reached by one function, and two classes, all from one pool.
TEST(Joining, KeepsApartWhatSharesOneFunctionOnly) {
  for_each_log("unrelated", [](const auto& causes, const auto&, bool) {
    ASSERT_EQ(causes.size(), 4u);
    EXPECT_EQ(causes[0].reports.size(), 3u);  // The vector: its two ends, and its element.
  });
}

// A string and its characters, which were written elsewhere; the members that the optimiser made of
// one object.
TEST(Joining, TakesWhatWasMovedAndWhatWasTakenApartForOne) {
  for_each_log("moved_string", [](const auto& causes, const auto&, bool with_source) {
    ASSERT_EQ(causes.size(), with_source ? 1u : 2u);  // By its name alone the string is one.
    EXPECT_EQ(causes[0].object, with_source ? "last_" : "");
  });
  for_each_log("split_global", [](const auto& causes, const auto&, bool) {
    ASSERT_EQ(causes.size(), 1u);
    EXPECT_EQ(causes[0].object, "stats");
  });
}

// Who gets an object from a pool without order is not ordered after who had it.
TEST(Joining, TakesAPoolAndWhatItHandsOverForOne) {
  for_each_log("connections", [](const auto& causes, const auto&, bool with_source) {
    ASSERT_EQ(causes.size(), 1u);
    if (with_source) {
      EXPECT_EQ(causes[0].object, "idle_");
      EXPECT_EQ(causes[0].also, std::vector<std::string>{"uses"});
    }
  });
}

// The locks that each side held tell two faults of the same two functions apart.
TEST(Joining, KeepsApartWhatWantsOtherLocks) {
  for_each_log("two_faults", [](const auto& causes, const auto&, bool) {
    ASSERT_EQ(causes.size(), 2u);
    EXPECT_EQ(causes[0].reports.size(), 1u);
  });
}

// Two objects, two lists, and one that ends beside one that is counted: whoever meets there.
TEST(Joining, KeepsApartWhatOneFunctionUsesOfTwoObjects) {
  for (const std::string program : {"two_objects", "freed_and_counted", "two_containers"}) {
    SCOPED_TRACE(program);
    for_each_log(program, [](const auto& causes, const auto&, bool with_source) {
      if (with_source) {
        ASSERT_EQ(causes.size(), 2u);
        EXPECT_TRUE(causes[0].also.empty() && causes[1].also.empty());
      } else {
        EXPECT_GE(causes.size(), 2u);
      }
    });
  }
}

// What one function writes under a lock and one other reads without it wants that lock, and is
// listed. gcc's lambdas are told by their source alone.
TEST(Joining, TakesOneRegionForOneAndListsWhatItHolds) {
  for_each_log("one_region", [](const auto& causes, const auto& compiler, bool with_source) {
    ASSERT_EQ(causes.size(), compiler == "gcc-12" && !with_source ? 3u : 2u);
    EXPECT_EQ(causes[0].object, "lines");
    EXPECT_EQ(causes[0].also, std::vector<std::string>{"dropped"});
    if (!with_source) return;
    EXPECT_EQ(causes[1].object, "count");
    EXPECT_EQ(causes[1].also, std::vector<std::string>{"bytes"});
  });
}

TEST(Joining, TakesADestructorAndTheDeleteBehindItForOne) {
  for_each_log("ended_in_use", [](const auto& causes, const auto&, bool) {
    ASSERT_EQ(causes.size(), 2u);
    EXPECT_EQ(causes[0].reports.size(), 2u);
  });
}

// The optimiser left of the reader only the first function of its thread, which names the lambda.
TEST(Joining, NamesTheLambdaOfAThreadWithoutFrames) {
  const std::string reader =
      "by thread T1:\n    #0 std::thread::_State_impl<std::thread::_Invoker<std::tuple<main::$_0>>>"
      "::_M_run() /usr/include/c++/12/bits/std_thread.h (reload+0x3)\n"
      "    #1 <null> <null> (libstdc++.so.6+0xd44a2)\n\n";
  const auto log =
      "==================\nWARNING: ThreadSanitizer: data race (pid=1)\n"
      "  Write of size 8 at 0x720c00000038 by thread T2:\n"
      "    #0 operator delete(void*, unsigned long) <null> (reload+0x1)\n"
      "    #1 reload(int) /x/reload.cc:9:63 (reload+0x2)\n\n"
      "  Previous read of size 8 at 0x720c00000038 " +
      reader +
      "SUMMARY: ThreadSanitizer: data race in operator delete\n==================\n"
      "==================\nWARNING: ThreadSanitizer: data race (pid=1)\n"
      "  Write of size 8 at 0x5576eeb49ae8 by thread T2:\n"
      "    #0 reload(int) /x/reload.cc:9:87 (reload+0x5)\n\n"
      "  Previous read of size 8 at 0x5576eeb49ae8 " +
      reader +
      "  Location is global 'current' of size 8 at 0x5576eeb49ae8 (reload+0x6)\n\n"
      "SUMMARY: ThreadSanitizer: data race in reload\n==================\n";
  const auto reports = read_reports(std::string_view(log));
  const auto causes = find_causes(reports, {});
  ASSERT_EQ(causes.size(), 1u);
  const auto& cause = causes[0];
  EXPECT_EQ(function_label(cause.second), "lambda in main()");
  EXPECT_EQ(summarize(cause),
            "data race: free in reload() against read in a lambda; also on current");
  Sources sources;
  const auto explanation = explain(reports[cause.reports.front()], cause, {}, sources);
  EXPECT_EQ(explanation.title, "Data race on memory being freed, also on current");
}

TEST(Joining, KeepsTwoBlocksThatOneFunctionFreesApart) {
  for_each_log("pool", [](const auto& causes, const auto&, bool) { EXPECT_EQ(causes.size(), 2u); });
}

}  // namespace
}  // namespace lab::report
