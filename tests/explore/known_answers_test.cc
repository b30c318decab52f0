// What the explorer says of programs whose answer is known. The name of a program's suite is the
// answer: "Pass" (all interleavings with up to two preemptions have been run), or what is found,
// with the fewest preemptions that it needs where the name goes on.
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <string>
#include <string_view>

#include "tests/explore/explored.h"

namespace {

using lab::story::Story;

struct Answer {
  std::string_view suite, verdict, kind;
};

constexpr std::array<Answer, 8> kAnswers = {{{"Pass", "pass", ""},
                                             {"Race", "race", "data race"},
                                             {"UseAfterFree", "race", "use after free"},
                                             {"Deadlock", "deadlock", "deadlock"},
                                             {"LostWakeUp", "deadlock", "lost wake-up"},
                                             {"WrongResult", "wrong_result", ""},
                                             {"Crash", "crash", ""},
                                             {"Timeout", "timeout", ""}}};

constexpr std::array<std::string_view, 3> kPreemptions = {"WithNoPreemption", "WithOnePreemption",
                                                          "WithTwoPreemptions"};

void expect_known_answer(const Story& test) {
  SCOPED_TRACE(test.test);
  std::string_view suite = std::string_view(test.test).substr(0, test.test.find('.'));
  const auto with = suite.find("With");
  const auto preemptions = with == std::string_view::npos ? "" : suite.substr(with);
  suite = suite.substr(0, with);
  const auto* answer = std::find_if(kAnswers.begin(), kAnswers.end(),
                                    [&](const Answer& each) { return each.suite == suite; });
  ASSERT_NE(answer, kAnswers.end());
  EXPECT_EQ(test.verdict, answer->verdict) << test.message;
  if (!answer->kind.empty()) {
    EXPECT_EQ(test.kind, answer->kind) << test.message;
  }
  EXPECT_EQ(test.exhausted, test.verdict == "pass");
  EXPECT_EQ(test.token.empty(), test.verdict == "pass");
  if (preemptions.empty()) return;
  const auto* wanted = std::find(kPreemptions.begin(), kPreemptions.end(), preemptions);
  ASSERT_NE(wanted, kPreemptions.end());
  EXPECT_EQ(test.preemptions, wanted - kPreemptions.begin()) << test.message;
}

class KnownAnswers : public testing::TestWithParam<const char*> {};

TEST_P(KnownAnswers, AreGiven) {
  const auto run = explored(GetParam(), {"--budget-seconds=30"});
  EXPECT_GT(run.tests.size(), 0u);
  for (const auto& test : run.tests) expect_known_answer(test);
}

// The lost wake-ups of GCC 12's binary_semaphore are real (GCC bug 104928): libraries.cc tells.
INSTANTIATE_TEST_SUITE_P(Programs, KnownAnswers,
                         testing::Values("locks", "waiting", "threads", "classics", "correct",
                                         "giving_up", "waking_by_itself", "old_values"),
                         [](const auto& info) { return std::string(info.param); });

TEST(Patience, IsOneSecondUnlessMoreIsAskedFor) {
  const std::string test = "--gtest_filter=Pass.AWaitOfSecondsIsNotGivenUp";
  const auto patient = explored("waiting", {test});
  ASSERT_EQ(patient.tests.size(), 1u);
  EXPECT_EQ(patient.tests[0].verdict, "pass") << patient.tests[0].message;
  const auto impatient = explored("waiting", {test, "--patience-seconds=60"});
  ASSERT_EQ(impatient.tests.size(), 1u);
  EXPECT_EQ(impatient.tests[0].verdict, "wrong_result") << impatient.tests[0].message;
}

// Half of a budget that is too small does not get through one preemption; what two make is found
// by chance, with the other half (Burckhardt et al., ASPLOS 2010). The chance is the same each
// time.
TEST(Sampling, FindsWhatTheSearchDoesNotReach) {
  constexpr int kBudget = 200;
  const auto run = explored("sampling", {"--budget-schedules=" + std::to_string(kBudget)});
  ASSERT_EQ(run.tests.size(), 1u) << run.output;
  const Story& found = run.tests.front();
  EXPECT_EQ(found.verdict, "wrong_result") << found.message;
  EXPECT_GT(found.schedules, kBudget / 2);
  EXPECT_LE(found.schedules, kBudget);
  EXPECT_FALSE(found.exhausted);
  EXPECT_EQ(found.preemptions, 2);
  const auto again = explored("sampling", {"--replay=" + found.token});
  ASSERT_EQ(again.tests.size(), 1u) << again.output;
  EXPECT_EQ(again.tests.front().message, found.message);
}

// What is found in a program that is not deterministic is found all the same.
TEST(Chance, IsNoWayOut) {
  const auto run = explored("chance", {"--budget-schedules=1000", "--budget-seconds=30"});
  std::map<std::string, Story> tests;
  for (const auto& test : run.tests) tests[test.test] = test;
  ASSERT_EQ(tests.size(), 3u);
  const auto& same = tests["Diverges.LosesACountAndIsTheSameInEachProcess"];
  EXPECT_EQ(same.verdict, "wrong_result") << same.message;
  EXPECT_FALSE(same.token.empty());
  const auto& other = tests["Diverges.LosesACountAndIsNeverTheSame"];
  EXPECT_EQ(other.verdict, "wrong_result") << other.message;
  EXPECT_TRUE(other.token.empty());
  EXPECT_NE(other.message.find("cannot be replayed"), std::string::npos) << other.message;
  const auto& right = tests["Diverges.LosesNothing"];
  EXPECT_EQ(right.verdict, "cannot_judge") << right.message;
  EXPECT_GT(right.schedules, 100);
  EXPECT_FALSE(right.exhausted);
}

// Too many schedules to exhaust; in none of them do those who spin keep the third from running.
TEST(Fairness, LetsThemRunWhoAreWaitedFor) {
  const auto run = explored("spinning", {"--budget-schedules=2000", "--budget-seconds=30"});
  ASSERT_EQ(run.tests.size(), 3u);
  for (const auto& test : run.tests) EXPECT_EQ(test.verdict, "pass") << test.test << test.message;
}

// Every finding, replayed in a process of its own, is the same again, step for step.
TEST(Replay, IsStepForStepTheSame) {
  const auto first = explored("classics", {"--gtest_filter=-Pass.*"});
  ASSERT_GT(first.tests.size(), 5u);
  for (const auto& test : first.tests) {
    SCOPED_TRACE(test.test);
    const auto again = explored("classics", {"--replay=" + test.token});
    ASSERT_EQ(again.tests.size(), 1u) << again.output;
    const Story& replayed = again.tests.front();
    EXPECT_EQ(replayed.test, test.test);
    EXPECT_EQ(replayed.verdict, test.verdict);
    EXPECT_EQ(replayed.message, test.message);
    EXPECT_EQ(replayed.token, test.token);
    ASSERT_EQ(replayed.steps.size(), test.steps.size());
    for (std::size_t i = 0; i < test.steps.size(); ++i) {
      const auto& [a, b] = std::tie(replayed.steps[i], test.steps[i]);
      EXPECT_EQ(std::tie(a.thread, a.op, a.object, a.file, a.line),
                std::tie(b.thread, b.op, b.object, b.file, b.line))
          << "step " << i;
    }
  }
}

}  // namespace
