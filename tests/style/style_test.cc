// What a machine can check of the style sheet, and of what every scenario must have.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "lab/course/course.h"

namespace {

namespace fs = std::filesystem;
using lab::course::Course;
using lab::course::Kind;
using lab::course::machine_line;

const fs::path kRoot = RACELAB_SOURCE_DIR;

std::string read(const fs::path& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> lines_of(const fs::path& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

const Course& course() {
  static const Course course(kRoot);
  return course;
}

std::string shown(const fs::path& file) { return fs::relative(file, kRoot).string(); }

// C++ files of ours; data that tests read is not.
std::vector<fs::path> sources() {
  std::vector<fs::path> result;
  for (const char* room : {"scenarios", "fixes", "tests", "redis", "drill", "lab", "bench"}) {
    if (!fs::exists(kRoot / room)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / room)) {
      const auto extension = entry.path().extension();
      if (extension == ".h" || extension == ".cc") result.push_back(entry.path());
    }
  }
  return result;
}

// The header of a variant without its opening comment.
std::string code_of(const fs::path& file) {
  const auto text = read(file);
  return text.substr(std::min(text.find("#pragma once"), text.size()));
}

TEST(Course, HasScenarios) { EXPECT_GE(course().scenarios().size(), 3); }

TEST(Course, EveryScenarioHasAReadmeWithThreeHints) {
  for (const auto& scenario : course().scenarios()) {
    EXPECT_TRUE(fs::exists(scenario.readme)) << scenario.id;
    EXPECT_EQ(scenario.hints.size(), 3) << scenario.id;
    for (const auto& hint : scenario.hints) EXPECT_GE(hint.size(), 40) << scenario.id;
  }
}

TEST(Course, EveryScenarioHasTheFourStrategiesOrSaysWhyNot) {
  for (const auto& scenario : course().scenarios()) {
    const auto readme = read(scenario.readme);
    for (const std::string strategy : {"mutex", "rwlock", "sharded_map", "message_passing"}) {
      const bool there = fs::exists(kRoot / "fixes" / scenario.id / (strategy + ".h"));
      const bool explained = readme.find("No `" + strategy + "`:") != std::string::npos;
      EXPECT_TRUE(there || explained) << scenario.id << ": " << strategy;
    }
  }
}

TEST(Course, EveryScenarioHasItsWrongAndItsUnusualFixes) {
  for (const auto& scenario : course().scenarios()) {
    const auto count = [&scenario](Kind kind) {
      return std::count_if(scenario.variants.begin(), scenario.variants.end(),
                           [kind](const auto& variant) { return variant.kind == kind; });
    };
    EXPECT_GE(count(Kind::kWrongFix), 5) << scenario.id;
    EXPECT_GE(count(Kind::kRightFix), 2) << scenario.id;
  }
}

TEST(Course, EveryFixSaysItsHappensBeforeAndItsCosts) {
  for (const auto& variant : course().select("")) {
    if (variant.kind != Kind::kFix) continue;
    const auto text = read(variant.header);
    EXPECT_NE(machine_line(text, "Happens-before"), "") << variant.path();
    EXPECT_NE(text.substr(0, text.find("#pragma once")).find("Costs: "), std::string::npos)
        << variant.path();
  }
}

TEST(Course, EveryVariantIsInItsScenariosNamespace) {
  for (const auto& variant : course().select("")) {
    const auto name = variant.scenario.substr(variant.scenario.find('_') + 1);
    EXPECT_NE(read(variant.header).find("namespace " + name + " {"), std::string::npos)
        << variant.path();
  }
}

TEST(Course, AVariantFitsOneScreen) {
  constexpr std::size_t kLinesMax = 90;
  for (const auto& variant : course().select("")) {
    const auto code = code_of(variant.header);
    const auto lines = static_cast<std::size_t>(std::count(code.begin(), code.end(), '\n'));
    EXPECT_LE(lines, kLinesMax) << variant.path();
  }
}

// "Guards x_.", or for a lock that orders rather than guards, what it is for.
TEST(Course, EveryMutexOfAFixSaysWhatItIsFor) {
  const std::regex mutex(R"(^\s*(mutable )?std::(shared_|recursive_|timed_)*mutex \w+;)");
  for (const auto& variant : course().select("")) {
    if (variant.kind != Kind::kFix) continue;
    const auto lines = lines_of(variant.header);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (!std::regex_search(lines[i], mutex)) continue;
      const bool said = lines[i].find("// ") != std::string::npos ||
                        (i > 0 && lines[i - 1].find("// ") != std::string::npos);
      EXPECT_TRUE(said) << variant.path() << ": " << lines[i];
    }
  }
}

TEST(Course, NoFixOrContractSleeps) {
  std::vector<fs::path> files;
  for (const auto& variant : course().select("")) {
    if (variant.kind == Kind::kFix) files.push_back(variant.header);
  }
  for (const auto& entry : fs::directory_iterator(kRoot / "tests" / "scenarios")) {
    files.push_back(entry.path());
  }
  for (const auto& file : files) {
    EXPECT_EQ(read(file).find("sleep_"), std::string::npos) << shown(file);
  }
}

// The lines of a file outside raw string literals, which may hold what they like.
std::vector<std::string> code_lines(const fs::path& file) {
  static const std::regex opening("R\"([a-zA-Z]*)\\(");
  std::vector<std::string> result;
  std::string closing;
  for (const auto& line : lines_of(file)) {
    std::smatch match;
    const bool inside = !closing.empty();
    if (!inside && std::regex_search(line, match, opening)) {
      closing = ")" + match[1].str() + "\"";
      if (match.suffix().str().find(closing) != std::string::npos) closing.clear();
    } else if (inside) {
      if (line.find(closing) != std::string::npos) closing.clear();
    } else {
      result.push_back(line);
    }
  }
  return result;
}

TEST(Sources, KeepToAHundredColumnsWithoutTabs) {
  for (const auto& file : sources()) {
    for (const auto& line : code_lines(file)) {
      // A character of UTF-8 begins with a byte that is no continuation.
      const auto columns =
          std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; });
      EXPECT_LE(columns, 100) << shown(file) << ": " << line;
      EXPECT_EQ(line.find('\t'), std::string::npos) << shown(file) << ": " << line;
    }
  }
}

TEST(Sources, HeadersAreGuardedByPragmaOnce) {
  for (const auto& file : sources()) {
    if (file.extension() != ".h") continue;
    EXPECT_NE(read(file).find("#pragma once\n"), std::string::npos) << shown(file);
  }
}

TEST(Sources, NothingIsLeftForLater) {
  const std::regex undone(std::string("\\b(") + "TO" + "DO|FIX" + "ME|XX" + "X)\\b");
  for (const auto& file : sources()) {
    for (const auto& line : lines_of(file)) {
      EXPECT_FALSE(std::regex_search(line, undone)) << shown(file) << ": " << line;
    }
  }
}

TEST(Sources, RedisAndDrillKnowNothingOfTheLab) {
  for (const auto& file : sources()) {
    const auto place = shown(file);
    if (!place.starts_with("redis/") && !place.starts_with("drill/")) continue;
    EXPECT_EQ(read(file).find("#include \"lab/"), std::string::npos) << place;
  }
}

}  // namespace
