// How the matrix reads what tools say, and how it shows it.
#include "lab/measure/matrix.h"

#include <gtest/gtest.h>

#include <fstream>

#include "lab/verdict/process.h"

namespace lab::measure {
namespace {

namespace fs = std::filesystem;

constexpr const char* kXml = R"(<?xml version="1.0"?>
<valgrindoutput>
<error><kind>Race</kind>
 <stack><frame><fn>map_read_write::Collector::add(redis::Record const&amp;)</fn>
  <dir>/course/scenarios/02_map_read_write</dir><file>racy.h</file></frame></stack>
</error>
)";  // Cut short, as of a program that hung.

constexpr const char* kElsewhere = R"(<valgrindoutput><error><kind>Race</kind>
 <stack><frame><fn>start</fn><dir>/course/drill</dir><file>engine.cc</file></frame></stack>
 <stack><frame><fn>add</fn><dir>/course/scenarios/02_map_read_write</dir><file>racy.h</file>
 </frame></stack></error></valgrindoutput>)";

constexpr const char* kCollector = R"(#pragma once
#include <mutex>
namespace n {
class Collector {
 public:
  void add(int) {
    const std::lock_guard lock(mutex_);
    ++count_;
  }
  int count() const { LOCK return count_; }

 private:
  mutable std::mutex mutex_;  // Guards count_.
  int count_ = 0;
};
}  // namespace n
)";

std::string collector(const std::string& lock) {
  std::string text = kCollector;
  return text.replace(text.find("LOCK"), 4, lock);
}

// What clang says of the annotated copy.
std::string thread_safety(const std::string& copy) {
  const auto file = fs::path(testing::TempDir()) / "annotated_copy.cc";
  std::ofstream(file) << copy;
  const auto outcome = verdict::run({.arguments = {"clang++-19", "-std=c++20", "-fsyntax-only",
                                                   "-Wthread-safety", file.string()}},
                                    {.time = std::chrono::seconds(60)});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  return outcome.output;
}

TEST(Matrix, ReadsValgrindsErrorsOfTheCollectorAlone) {
  const fs::path racy = "/course/scenarios/02_map_read_write/racy.h";
  EXPECT_TRUE(valgrind_flagged(kXml, racy, {"add", "find"}));
  EXPECT_TRUE(valgrind_flagged(kXml, racy, {}));
  EXPECT_FALSE(valgrind_flagged(kXml, racy, {"find"})) << "another function than the fault's";
  EXPECT_FALSE(valgrind_flagged(kXml, "/course/scenarios/01_lost_count/racy.h", {}));
  EXPECT_FALSE(valgrind_flagged(kElsewhere, racy, {})) << "only its memory is the collector's";
  EXPECT_FALSE(valgrind_flagged("", racy, {}));
  EXPECT_FALSE(valgrind_flagged("no XML at all", racy, {}));
}

TEST(Matrix, ReadsDiagnosticsOfTheCollectorAlone) {
  EXPECT_TRUE(diagnosed("/c/racy.h:3:5: warning: unused guard [bugprone-x]\n", "/c/racy.h"));
  EXPECT_FALSE(diagnosed("/c/other.h:3:5: warning: unused\n", "/c/racy.h"));
  EXPECT_FALSE(diagnosed("/c/racy.h:3:5: note: declared here\n", "/c/racy.h"));
}

TEST(Matrix, AnAnnotatedCopyIsFlaggedWhereALockIsMissing) {
  const auto good = annotated_copy(collector("const std::lock_guard lock(mutex_);"));
  const auto bad = annotated_copy(collector(""));
  ASSERT_NE(good, "");
  EXPECT_EQ(thread_safety(good).find("-Wthread-safety"), std::string::npos) << thread_safety(good);
  EXPECT_NE(thread_safety(bad).find("reading variable 'count_'"), std::string::npos);
}

TEST(Matrix, NothingIsAnnotatedWhereNoMutexSaysWhatItGuards) {
  EXPECT_EQ(annotated_copy("class C {\n  int count_ = 0;\n};\n"), "");
  EXPECT_EQ(annotated_copy("class C {\n  std::mutex mutex_;  // Orders.\n  int count_ = 0;\n};\n"),
            "");
}

TEST(Matrix, ShowsADashForWhatWasNotRunAndNeverANought) {
  Matrix matrix{.date = "2026-01-02",
                .processor = "a processor",
                .cores = 2,
                .runs = 5,
                .tools = {{"tsan_clang", "TSan, clang", "19.1.7", false, ""},
                          {"helgrind", "Helgrind", "", false, "apt-get install valgrind"}},
                .rows = {{"01_first", "data race", {}}}};
  matrix.rows[0].by_tool["tsan_clang"] = {.caught = 5,
                                          .caught_of = 5,
                                          .alarms = 1,
                                          .alarms_of = 20,
                                          .flagged = {"mutex"},
                                          .not_applicable = {}};
  const auto markdown = to_markdown(matrix);
  EXPECT_NE(markdown.find("| 01_first | data race | 5/5, 1/20 false | – |"), std::string::npos)
      << markdown;
  EXPECT_NE(markdown.find("Helgrind is not here: apt-get install valgrind"), std::string::npos);
  EXPECT_NE(to_text(matrix).find("TSan, clang flags correct fixes of 01_first: mutex"),
            std::string::npos);
  EXPECT_FALSE(to_json(matrix)["scenarios"][0]["tools"].contains("helgrind"));
  EXPECT_EQ(to_json(matrix)["scenarios"][0]["tools"]["tsan_clang"]["alarms_of"], 20);
}

TEST(Matrix, BuildsWhatTheToolsThatAreHereNeed) {
  course::Scenario scenario;
  scenario.id = "01_first";
  scenario.variants = {{"01_first", "racy", course::Kind::kRacy, "racy.h", "race", ""},
                       {"01_first", "wrong_fix.x", course::Kind::kWrongFix, "x.h", "race", ""}};
  const auto targets = matrix_targets(
      {scenario}, {{"explorer", "explorer", "19", false, ""}, {"drd", "DRD", "", false, "get it"}});
  EXPECT_EQ(targets, (std::map<std::string, std::vector<std::string>>{
                         {"tsan", {"01_first.racy.explore", "canary"}}}));
}

}  // namespace
}  // namespace lab::measure
