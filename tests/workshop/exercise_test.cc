#include "lab/workshop/exercise.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "lab/workshop/files.h"

namespace lab::workshop {
namespace {

namespace fs = std::filesystem;

const course::Course& the_course() {
  static const course::Course course{fs::path(RACELAB_SOURCE_DIR)};
  return course;
}

std::string marks(const std::vector<DiffLine>& lines) {
  std::string result;
  for (const auto& line : lines) result += line.mark;
  return result;
}

class ExerciseTest : public testing::Test {
 protected:
  ExerciseTest() {
    std::string name = (fs::temp_directory_path() / "racelab-exercise-XXXXXX").string();
    folder_ = fs::path(mkdtemp(name.data())) / "attempts";
  }
  ~ExerciseTest() override { fs::remove_all(folder_.parent_path()); }

  fs::path folder_;
};

TEST(ExerciseText, GivesNoFaultAwayAndKeepsTheCode) {
  for (const auto& scenario : the_course().scenarios()) {
    const auto racy = read_file(scenario.variants.front().header);
    const auto text = exercise_text(racy, scenario.id);
    EXPECT_EQ(text.find("Fault:"), std::string::npos) << scenario.id;
    EXPECT_EQ(text.find(scenario.fault.text), std::string::npos) << scenario.id;
    EXPECT_NE(text.find("// To do:"), std::string::npos) << scenario.id;
    EXPECT_EQ(without_opening(text), without_opening(racy)) << scenario.id;
  }
}

TEST(ExerciseText, LeavesOutAFaultOfManyLines) {
  EXPECT_EQ(exercise_text("// Story.\n//\n// Fault: data race: write in a() against read in\n"
                          "// b(), on c_.\n//\n// More.\n#pragma once\n// Fault: in code\n",
                          "02_map")
                .find("b(), on c_"),
            std::string::npos);
}

TEST_F(ExerciseTest, StartNeverOverwrites) {
  const auto& scenario = the_course().scenarios().front();
  const auto first = start(scenario, folder_);
  EXPECT_TRUE(first.created);
  replace_file(first.file, "mine");
  const auto second = start(scenario, folder_);
  EXPECT_FALSE(second.created);
  EXPECT_EQ(read_file(second.file), "mine");
  EXPECT_FALSE(create_file(first.file, "other"));
  EXPECT_EQ(read_file(first.file), "mine");
}

TEST_F(ExerciseTest, ResetKeepsEveryOldOne) {
  const auto& scenario = the_course().scenarios().front();
  EXPECT_EQ(reset(scenario, folder_), fs::path());
  const auto file = attempt_of(folder_, scenario.id);
  const auto fresh = read_file(file);
  for (const auto* text : {"one", "two"}) {
    replace_file(file, text);
    EXPECT_EQ(read_file(reset(scenario, folder_)), text);
    EXPECT_EQ(read_file(file), fresh);
  }
  EXPECT_TRUE(fs::exists(folder_ / (scenario.id + ".1.h")));
  EXPECT_TRUE(fs::exists(folder_ / (scenario.id + ".2.h")));
}

TEST_F(ExerciseTest, ResetKeepsNoCopyOfWhatNobodyChanged) {
  const auto& scenario = the_course().scenarios().front();
  const auto file = start(scenario, folder_).file;
  const auto fresh = read_file(file);
  EXPECT_EQ(fresh, exercise_of(scenario));
  EXPECT_EQ(reset(scenario, folder_), fs::path());
  EXPECT_EQ(read_file(file), fresh);
  EXPECT_FALSE(fs::exists(folder_ / (scenario.id + ".1.h")));
}

TEST(Diff, MarksWhatChangedAndLeavesOutWhatDidNot) {
  EXPECT_EQ(marks(diff("a\nb\nc\n", "a\nx\nc\n")), " -+ ");
  EXPECT_EQ(marks(diff("a\nb\n", "a\nb\n")), "");
  EXPECT_EQ(marks(diff("", "a\n")), "+");
  EXPECT_EQ(marks(diff("1\n2\n3\n4\n5\n6\n", "1\n2\n3\n4\n5\n6\n7\n", 1)), "@ +");
}

TEST(Diff, GivesBackBothTexts) {
  for (const auto& scenario : the_course().scenarios()) {
    const auto racy = without_opening(read_file(scenario.variants.front().header));
    for (const auto& solution : solutions(scenario)) {
      std::string before;
      std::string after;
      const auto fix = without_opening(read_file(solution.header));
      for (const auto& line : diff(racy, fix, 100'000)) {
        if (line.mark != '+') before += line.text + "\n";
        if (line.mark != '-') after += line.text + "\n";
      }
      EXPECT_EQ(before, racy) << solution.header;
      EXPECT_EQ(after, fix) << solution.header;
    }
  }
}

TEST(Solutions, EachSaysItsEdgeAndItsCosts) {
  for (const auto& scenario : the_course().scenarios()) {
    const auto all = solutions(scenario);
    EXPECT_GE(all.size(), 3u) << scenario.id;
    EXPECT_EQ(all.front().strategy, "mutex") << scenario.id;
    for (const auto& solution : all) {
      EXPECT_FALSE(solution.costs.empty()) << solution.header;
      EXPECT_FALSE(solution.happens_before.empty()) << solution.header;
      EXPECT_FALSE(solution.changes.empty()) << solution.header;
      EXPECT_EQ(solution.costs.find("Happens-before"), std::string::npos) << solution.header;
      EXPECT_EQ(solution.happens_before.find("Costs"), std::string::npos) << solution.header;
    }
  }
}

}  // namespace
}  // namespace lab::workshop
