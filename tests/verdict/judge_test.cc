// The judge against programs that play a pair: shell scripts that say what a pair would.
#include "lab/verdict/judge.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace lab::verdict {
namespace {

namespace fs = std::filesystem;

constexpr const char* kReport = R"(cat <<'END'
==================
WARNING: ThreadSanitizer: data race (pid=1)
  Write of size 8 at 0x7b0400000000 by thread T1:
    #0 map::Collector::add(redis::Record const&) /course/racy.h:10:20 (pair+0x1)
    #1 test() /course/test.cc:5 (pair+0x2)

  Previous read of size 8 at 0x7b0400000000 by thread T2:
    #0 map::Collector::find(std::string const&) const /course/racy.h:14:20 (pair+0x3)
    #1 test() /course/test.cc:6 (pair+0x2)

SUMMARY: ThreadSanitizer: data race /course/racy.h:10:20 in map::Collector::add
==================
END
)";

class PlayedPair : public testing::Test {
 protected:
  void SetUp() override {
    tree_ = fs::path(testing::TempDir()) / ("racelab played pair " + std::to_string(getpid()));
    fs::remove_all(tree_);
    fs::create_directories(tree_ / "bin");
    script("canary", std::string(kReport) + "exit 66\n");
  }
  void TearDown() override { fs::remove_all(tree_); }

  void script(const std::string& name, const std::string& body) {
    const auto file = tree_ / "bin" / name;
    std::ofstream(file) << "#!/bin/sh\n" << body;
    fs::permissions(file, fs::perms::owner_all);
  }

  // A pair whose tests do `body`; `begin`, `test` and `end` say the events that a real one says.
  Judgement judge(const std::string& body, Limits limits = {}) {
    script("pair", R"(for a; do case $a in --events=*) events=${a#--events=};; esac; done
say() { printf '%s\n' "$1" >>"$events"; }
begin() { say '{"event":"begin","engine":"e","tests":1,"instrumented":true}'; }
test_ran() { say '{"event":"test","name":"A.b","rounds":2,"failed":false,"reports":0}'; }
end() { say '{"event":"end","engine":"e","tests":1,"failed":0}'; }
)" + body);
    limits.proof = false;  // A script cannot sign what it says.
    return Judge(tree_, limits).judge("pair", report::Own{.paths = {"/course/racy.h"}});
  }

  fs::path tree_;
};

TEST_F(PlayedPair, PassesWhenAllTestsRanToTheEnd) {
  const auto judgement = judge("begin; test_ran; end; exit 0");
  EXPECT_EQ(judgement.verdict, Verdict::kPass) << judgement.reason;
  EXPECT_EQ(judgement.tried.orders, 2);
  EXPECT_EQ(judgement.tried.repeats, 2);
}

TEST_F(PlayedPair, AReportIsARace) {
  const auto judgement = judge(std::string("begin\n") + kReport + "test_ran; end; exit 66");
  EXPECT_EQ(judgement.verdict, Verdict::kRace);
  EXPECT_EQ(judgement.reports.size(), 1);
  EXPECT_EQ(judgement.causes.size(), 1);
  EXPECT_EQ(judgement.tried.repeats, 0) << "the second engine ran after a finding";
}

TEST_F(PlayedPair, MatchesTheFaultThatIsStated) {
  const auto judgement = judge(std::string("begin\n") + kReport + "test_ran; end; exit 66");
  const course::Variant racy{.scenario = "s",
                             .name = "racy",
                             .kind = course::Kind::kRacy,
                             .header = "/course/racy.h",
                             .expected = "race",
                             .claim = {}};
  const auto stated = [&](const char* fault) {
    return as_stated(judgement, racy, course::parse_fault(fault)).ok;
  };
  EXPECT_TRUE(stated("data race: write in add() against read in find(), on records_."));
  EXPECT_TRUE(stated("data race: read in find() against write in add(), on records_."));
  EXPECT_FALSE(stated("data race: write in add() against write in add(), on records_."));
  EXPECT_FALSE(stated("data race: write in insert() against read in find(), on records_."));
}

TEST_F(PlayedPair, AFailedExpectationIsAWrongResultAndNotARace) {
  const auto judgement = judge(
      R"(begin; say '{"event":"failure","test":"A.b","file":"t.cc","line":3,"message":"1 != 2"}'
test_ran; end; exit 1)");
  EXPECT_EQ(judgement.verdict, Verdict::kWrongResult);
  ASSERT_EQ(judgement.failures.size(), 1);
  EXPECT_EQ(judgement.failures[0].message, "1 != 2");
}

TEST_F(PlayedPair, ACrashIsNoRace) {
  EXPECT_EQ(judge("begin; kill -SEGV $$").verdict, Verdict::kCrash);
}

TEST_F(PlayedPair, EndingEarlyIsNoPass) {
  EXPECT_EQ(judge("begin; exit 0").verdict, Verdict::kGagged);
  EXPECT_EQ(judge("begin; end; exit 0").verdict, Verdict::kGagged);
  EXPECT_EQ(judge("exit 0").verdict, Verdict::kGagged);
  EXPECT_EQ(judge("begin; test_ran; end; exit 66").verdict, Verdict::kGagged);
}

TEST_F(PlayedPair, RunningOnIsATimeout) {
  const auto judgement = judge("begin; while :; do :; done", {.engine_seconds = 1});
  EXPECT_EQ(judgement.verdict, Verdict::kTimeout);
  EXPECT_LT(judgement.seconds, 15);
}

TEST_F(PlayedPair, TakingTooMuchMemoryIsACrash) {
  const auto judgement = judge("begin; x=0123456789abcdef; while :; do x=$x$x; done",
                               {.memory_bytes = std::size_t{200} << 20});
  EXPECT_EQ(judgement.verdict, Verdict::kCrash);
}

TEST_F(PlayedPair, WithoutInstrumentationNothingIsProven) {
  const auto judgement = judge(
      R"(say '{"event":"begin","engine":"e","tests":1,"instrumented":false}'; test_ran; end)");
  EXPECT_EQ(judgement.verdict, Verdict::kCannotJudge);
}

TEST_F(PlayedPair, WithoutACaughtCanaryNothingIsJudged) {
  script("canary", "exit 0");
  const auto judgement = judge("begin; test_ran; end");
  EXPECT_EQ(judgement.verdict, Verdict::kCannotJudge);
  EXPECT_NE(judgement.reason.find("canary"), std::string::npos);
}

TEST_F(PlayedPair, FixesAddressesWhereTheRuntimeNeedsIt) {
  script("canary", std::string("case $(cat /proc/self/personality) in 0004*)\n") + kReport +
                       "exit 66;; esac\n"
                       "echo 'FATAL: ThreadSanitizer: unexpected memory mapping 0x1' >&2; exit 66");
  EXPECT_EQ(judge("begin; test_ran; end; exit 0").verdict, Verdict::kPass);
}

TEST_F(PlayedPair, SaysTheRemedyWhereTheRuntimeCannotRun) {
  script("canary", "echo 'FATAL: ThreadSanitizer: unexpected memory mapping 0x1' >&2; exit 66");
  const auto judgement = judge("begin; test_ran; end; exit 0");
  EXPECT_EQ(judgement.verdict, Verdict::kCannotJudge);
  EXPECT_NE(judgement.reason.find("mmap_rnd_bits"), std::string::npos);
}

TEST_F(PlayedPair, ThatIsNotBuiltIsNotJudged) {
  const auto judgement = Judge(tree_).judge("absent", {});
  EXPECT_EQ(judgement.verdict, Verdict::kCannotJudge);
  EXPECT_NE(judgement.reason.find("--target absent"), std::string::npos);
}

}  // namespace
}  // namespace lab::verdict
