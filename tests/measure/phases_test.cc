// Where the time between save and verdict goes is told from command lines.
#include "lab/measure/phases.h"

#include <gtest/gtest.h>

#include "lab/measure/loop.h"
#include "lab/verdict/process.h"

namespace lab::measure {
namespace {

TEST(Phases, AreToldFromCommandLines) {
  EXPECT_EQ(phase_of({"/usr/bin/clang++-19", "-O1", "-o", "a.o", "-c", "a.cc"}), "compile");
  EXPECT_EQ(phase_of({"/usr/lib/gcc/x86_64-linux-gnu/12/cc1plus", "a.cc"}), "compile");
  EXPECT_EQ(phase_of({"/usr/bin/clang++-19", "a.o", "-o", "a"}), "link");
  EXPECT_EQ(phase_of({"/usr/bin/mold", "a.o"}), "link");
  EXPECT_EQ(phase_of({"/tmp/x/attempt", "--engine=in_turn"}), "in turn");
  EXPECT_EQ(phase_of({"/tmp/x/attempt", "--engine=at_once", "--repeats=20"}), "at once");
  EXPECT_EQ(phase_of({"/tmp/x/attempt.explore", "--bound=2"}), "interleaved");
  EXPECT_EQ(phase_of({"/usr/bin/llvm-symbolizer-19"}), "symbols");
  EXPECT_EQ(phase_of({"/usr/lib/go-1.19/pkg/tool/linux_amd64/compile", "-o", "x"}), "compile");
  EXPECT_EQ(phase_of({"/tmp/go-build1/b001/loop.test", "-test.v"}), "test");
}

TEST(Phases, OfWhatOnlyWaitsAreNone) {
  EXPECT_EQ(phase_of({}), "");
  EXPECT_EQ(phase_of({"sh", "-c", "clang++-19 -c a.cc"}), "");
  EXPECT_EQ(phase_of({"go", "test", "-race", "."}), "");
}

TEST(Phases, OfAChildAreSeenWhileItLives) {
  PhaseWatch watch;
  // A shell that calls itself an engine; it ends when its input, which is empty, does.
  const auto outcome =
      verdict::run({.arguments = {"sh", "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done",
                                  "x", "--engine=in_turn"}},
                   {.time = std::chrono::seconds(60)});
  const auto phases = watch.end();
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_TRUE(phases.contains("in turn"));
}

TEST(Loop, TellsTheRatioAndWhatIsMissing) {
  Loop loop{.date = "2026-01-02",
            .processor = "a processor",
            .cores = 2,
            .load = 0,
            .go_version = "go version go1.19",
            .rows = {}};
  LoopRow row{.what = "racy", .check = {}, .go = {}};
  row.check.seconds = {0.5, 0.7, 0.6};
  row.check.phases = {{"compile", 0.4}};
  row.go.seconds = {1.2, 1.2, 1.2, 1.2};
  loop.rows.push_back(row);
  EXPECT_DOUBLE_EQ(row.ratio(), 0.5);
  EXPECT_NE(to_text(loop).find("0.60 s         1.20 s   0.50"), std::string::npos) << to_text(loop);
  EXPECT_DOUBLE_EQ(to_json(loop)["rows"][0]["ratio"].get<double>(), 0.5);
  loop.go_version.clear();
  loop.rows[0].go.seconds.clear();
  EXPECT_FALSE(to_json(loop)["rows"][0].contains("ratio"));
  EXPECT_NE(to_text(loop).find("golang-go"), std::string::npos);
}

}  // namespace
}  // namespace lab::measure
