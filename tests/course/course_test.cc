#include "lab/course/course.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "lab/course/nearest.h"

namespace lab::course {
namespace {

namespace fs = std::filesystem;

TEST(ParseFault, TellsKindSidesAndField) {
  const auto fault = parse_fault("data race: write in add() against read in find(), on records_.");
  EXPECT_EQ(fault.kind, "data race");
  EXPECT_EQ(fault.first.op, "write");
  EXPECT_EQ(fault.first.function, "add");
  EXPECT_EQ(fault.second.op, "read");
  EXPECT_EQ(fault.second.function, "find");
  EXPECT_EQ(fault.field, "records_");
}

TEST(ParseFault, TakesFunctionsWithoutOperations) {
  const auto fault = parse_fault("lock order: merge() against merge(), on mutex_.");
  EXPECT_EQ(fault.kind, "lock order");
  EXPECT_EQ(fault.first.op, "");
  EXPECT_EQ(fault.second.function, "merge");
  EXPECT_EQ(verdict_of(fault.kind), "deadlock");
}

TEST(ParseFault, TakesAnExplanationInPlaceOfFunctions) {
  EXPECT_EQ(parse_fault("wrong result: two sessions for one connection.").kind, "wrong result");
}

TEST(ParseFault, RefusesOtherKinds) {
  EXPECT_THROW(parse_fault("mistake: write in add() against read in find()."),
               std::invalid_argument);
  EXPECT_THROW(parse_fault(""), std::invalid_argument);
}

TEST(MachineLine, JoinsLinesUpToAnEmptyOne) {
  EXPECT_EQ(machine_line("// Story.\n//\n// Fault: data race: write in add()\n// against read in "
                         "find().\n//\n// More.\n",
                         "Fault"),
            "data race: write in add() against read in find().");
}

TEST(MachineLine, EndsAtTheNextKey) {
  EXPECT_EQ(
      machine_line("// Happens-before: unlock to lock.\n// Costs: waiting.\n", "Happens-before"),
      "unlock to lock.");
}

TEST(MachineLine, IsOfTheOpeningCommentOnly) {
  EXPECT_EQ(machine_line("#pragma once\n// Fault: data race.\n", "Fault"), "");
}

class CourseOnDisk : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::path(testing::TempDir()) / ("racelab course ü " + std::to_string(getpid()));
    fs::remove_all(root_);
    write("scenarios/02_map/racy.h",
          "// Fault: data race: write in add() against read in find().\n");
    write("scenarios/02_map/README.md",
          "# Map\n\ntext\n\n## Hint 1\n\nLook.\n\n## Hint 2\nThink.\n\n## Further reading\nBook\n");
    write("fixes/02_map/mutex.h", "// Happens-before: unlock to lock.\n// Costs: waiting.\n");
    write("tests/wrong_fixes/02_map/nothing.h", "// Refused: wrong_result: it is quiet.\n");
    write("tests/right_fixes/02_map/spin.h", "// A spin lock is a lock.\n");
    write("scenarios/12_lazy/racy.h", "// Fault: data race: read in a() against write in b().\n");
  }
  void TearDown() override { fs::remove_all(root_); }

  void write(const fs::path& file, const std::string& text) {
    fs::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file) << text;
  }

  fs::path root_;
};

TEST_F(CourseOnDisk, FindsEveryVariantWithItsExpectedVerdict) {
  const Course course(root_);
  ASSERT_EQ(course.scenarios().size(), 2);
  const auto variants = course.select("02_map");
  ASSERT_EQ(variants.size(), 4);
  EXPECT_EQ(variants[0].pair(), "02_map.racy");
  EXPECT_EQ(variants[0].expected, "race");
  EXPECT_EQ(variants[1].pair(), "02_map.mutex");
  EXPECT_EQ(variants[1].expected, "pass");
  EXPECT_EQ(variants[2].pair(), "02_map.wrong_fix.nothing");
  EXPECT_EQ(variants[2].expected, "wrong_result");
  EXPECT_EQ(variants[2].claim, "it is quiet.");
  EXPECT_EQ(variants[3].path(), "02_map/right_fix.spin");
  EXPECT_EQ(variants[3].expected, "pass");
}

TEST_F(CourseOnDisk, ReadsTitleAndHints) {
  const Course course(root_);
  const auto& scenario = course.scenario("02_map");
  EXPECT_EQ(scenario.title, "Map");
  EXPECT_EQ(scenario.hints, (std::vector<std::string>{"Look.", "Think."}));
}

TEST_F(CourseOnDisk, TakesANumberOrAPartForAScenario) {
  const Course course(root_);
  EXPECT_EQ(course.scenario("2").id, "02_map");
  EXPECT_EQ(course.scenario("12").id, "12_lazy");
  EXPECT_EQ(course.scenario("laz").id, "12_lazy");
  EXPECT_THROW(course.scenario("_"), std::invalid_argument);
  EXPECT_THROW(course.scenario("absent"), std::invalid_argument);
  EXPECT_THROW(course.select("02_map/absent"), std::invalid_argument);
  EXPECT_EQ(course.select("02_map/mutex").size(), 1);
}

TEST_F(CourseOnDisk, NamesTheNearestScenario) {
  const Course course(root_);
  const auto said = [&](const char* text) -> std::string {
    try {
      course.scenario(text);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(said("lzay"), "no scenario 'lzay'; the nearest:\n  12_lazy");
  EXPECT_EQ(said("99"), "no scenario '99'; there are:\n  02_map\n  12_lazy");
  EXPECT_EQ(said("a"), "more than one scenario matches 'a'; say which:\n  02_map\n  12_lazy");
}

TEST(Nearest, TakesSlipsOfAPartOfAName) {
  const std::vector<std::string> names = {"check", "explain", "explore", "list"};
  using Names = std::vector<std::string>;
  EXPECT_EQ(nearest("chekc", names), Names{"check"});
  EXPECT_EQ(nearest("CHECK", names), Names{"check"});
  EXPECT_EQ(nearest("expl", names), (Names{"explain", "explore"}));
  EXPECT_EQ(nearest("lits", names), Names{"list"});
  EXPECT_EQ(nearest("explre", names).front(), "explore");
}

TEST(Nearest, IsNothingForWhatIsFarFromAll) {
  const std::vector<std::string> names = {"check", "explain", "explore", "list"};
  EXPECT_TRUE(nearest("frobnicate", names).empty());
  EXPECT_TRUE(nearest("", names).empty());
  EXPECT_TRUE(nearest("x", names).empty());
  EXPECT_TRUE(nearest(std::string(100'000, 'e'), names).empty());
  EXPECT_TRUE(nearest("check", {}).empty());
}

TEST_F(CourseOnDisk, SaysWhichFileLacksItsLine) {
  write("tests/wrong_fixes/02_map/mute.h", "// It says nothing.\n");
  try {
    const Course course(root_);
    FAIL() << "a wrong fix without a Refused line was taken";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("mute.h"), std::string::npos) << error.what();
  }
}

TEST_F(CourseOnDisk, AnEmptyCourseIsAnError) {
  EXPECT_THROW(Course(root_ / "nowhere"), std::runtime_error);
}

TEST(CourseOfThisRepository, CanBeRead) {
  const Course course(RACELAB_SOURCE_DIR);
  EXPECT_GE(course.scenarios().size(), 1);
}

}  // namespace
}  // namespace lab::course
