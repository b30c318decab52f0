// How many schedules there are of tiny programs, against counts made in another way.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <functional>
#include <string>

#include "tests/explore/explored.h"

namespace {

std::uint64_t binomial(int n, int k) {
  std::uint64_t result = 1;
  for (int i = 1; i <= k; ++i) {
    result = result * static_cast<std::uint64_t>(n - k + i) / static_cast<std::uint64_t>(i);
  }
  return result;
}

// Schedules of: main creates two threads and joins them; each starts and takes its steps. Counted
// by walking every choice: whoever may go next goes; to leave one who could go on is a preemption.
class TwoThreads {
 public:
  TwoThreads(int first, int second) : lengths_{first + 1, second + 1} {}

  std::uint64_t schedules(int preemptions) const { return from({0, {0, 0}}, 0, preemptions); }

 private:
  static constexpr int kCreatesAndJoins = 4;
  struct State {
    int main;  // Creations and joins so far.
    std::array<int, 2> steps;
  };

  bool may_go(const State& state, int who) const {
    if (who > 0) {
      const auto thread = static_cast<std::size_t>(who - 1);
      return state.main >= who && state.steps[thread] < lengths_[thread];
    }
    if (state.main < 2) return true;
    const auto joined = static_cast<std::size_t>(state.main - 2);
    return state.main < kCreatesAndJoins && state.steps[joined] == lengths_[joined];
  }

  std::uint64_t from(const State& state, int current, int left) const {
    if (state.main == kCreatesAndJoins) return 1;
    std::uint64_t count = 0;
    for (int who = 0; who < 3; ++who) {
      if (!may_go(state, who)) continue;
      const int cost = who != current && may_go(state, current) ? 1 : 0;
      if (cost > left) continue;
      State next = state;
      ++(who == 0 ? next.main : next.steps[static_cast<std::size_t>(who - 1)]);
      count += from(next, who, left - cost);
    }
    return count;
  }

  std::array<int, 2> lengths_;
};

struct Lengths {
  int first, second;
};

Lengths lengths_of(const std::string& test) {
  Lengths lengths{};
  const auto name = test.substr(test.rfind('/') + 1);
  EXPECT_EQ(std::sscanf(name.c_str(), "%dand%d", &lengths.first, &lengths.second), 2) << test;
  return lengths;
}

void expect_counts(const std::string& program, int bound,
                   const std::function<std::uint64_t(Lengths)>& wanted) {
  const auto run = explored("counts", {"--gtest_filter=*." + program + "/*", "--every-schedule",
                                       "--bound=" + std::to_string(bound)});
  EXPECT_EQ(run.tests.size(), 6u) << run.output;
  for (const auto& test : run.tests) {
    EXPECT_EQ(static_cast<std::uint64_t>(test.schedules), wanted(lengths_of(test.test)))
        << test.test << " with up to " << bound << " preemptions";
    EXPECT_EQ(test.verdict, "pass");
    EXPECT_TRUE(test.exhausted);
  }
}

constexpr int kUnbounded = 1000;

// The thread's start and its steps, in every order with main's own: then main can join.
TEST(Counts, OfMainBesideOneThreadAreABinomial) {
  expect_counts("MainBesideOneThread", kUnbounded,
                [](Lengths of) { return binomial(of.first + of.second + 1, of.first); });
}

// Main goes on until it has to wait; then the thread runs to its end.
TEST(Counts, WithoutPreemptionOfMainBesideOneThreadAreOne) {
  expect_counts("MainBesideOneThread", 0, [](Lengths) { return 1; });
}

// Who waits for the first thread's end waits on, or finds it over: three, whatever their lengths.
TEST(Counts, WithoutPreemptionOfTwoThreadsAreThree) {
  expect_counts("TwoThreads", 0, [](Lengths) { return 3; });
}

TEST(Counts, OfTwoThreadsAreThoseOfAWalk) {
  for (const int bound : {0, 1, 2, kUnbounded}) {
    expect_counts("TwoThreads", bound,
                  [bound](Lengths of) { return TwoThreads(of.first, of.second).schedules(bound); });
  }
}

}  // namespace
