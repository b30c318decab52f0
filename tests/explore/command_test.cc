// `racelab explore` as it is called: its words, its JSON, its exit codes.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "lab/verdict/process.h"

namespace {

using Json = nlohmann::json;
using lab::verdict::Outcome;

Outcome racelab_explore(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {RACELAB_BINARY_DIR "/bin/racelab", "explore"});
  return lab::verdict::run(
      {.arguments = std::move(arguments),
       .environment = {"RACELAB_ROOT=" RACELAB_SOURCE_DIR, "RACELAB_BUILD=" RACELAB_BINARY_DIR,
                       "RACELAB_CALLED=./racelab"}},
      {.time = std::chrono::minutes(10)});
}

Json json_of(const Outcome& outcome) {
  const auto json = Json::parse(outcome.output, nullptr, false);
  EXPECT_TRUE(json.is_object()) << outcome.output;
  return json.is_object() ? json : Json::object();
}

// A file that is gone at the end.
class File {
 public:
  File(const char* name, const std::string& text)
      : path_(testing::TempDir() + std::to_string(getpid()) + name) {
    std::ofstream(path_) << text;
  }
  ~File() { std::filesystem::remove(path_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST(ExploreCommand, FindsWhatThreadSanitizerDoesNot) {
  const auto outcome = racelab_explore({"20_check_then_act/racy", "--json"});
  EXPECT_EQ(outcome.exit_code, 12) << outcome.output;
  const auto json = json_of(outcome);
  EXPECT_EQ(json.value("scenario", ""), "20_check_then_act");
  EXPECT_EQ(json.value("variant", ""), "racy");
  EXPECT_EQ(json.value("verdict", ""), "wrong_result");
  EXPECT_GT(json.value("schedules", 0), 0);
  EXPECT_EQ(json.value("bound", -1), 1);
  EXPECT_FALSE(json.value("exhausted", true));
  EXPECT_FALSE(json.value("token", "").empty());
  EXPECT_GT(json.value("seconds", 0.0), 0.0);
  ASSERT_FALSE(json["steps"].empty());
  for (const auto& step : json["steps"]) {
    for (const char* field : {"thread", "op", "object", "file", "line"}) {
      EXPECT_TRUE(step.contains(field)) << step;
    }
  }
}

// The race is inside of the copy of a record that the compiler wrote.
TEST(ExploreCommand, ShowsTheLineThatCopiesNotTheClassThatIsCopied) {
  const auto json = json_of(racelab_explore({"02_map_read_write/racy", "--json"}));
  ASSERT_FALSE(json["steps"].empty());
  for (const auto& step : json["steps"]) {
    if (step["line"] == 0 || step["thread"] == "main") continue;
    EXPECT_EQ(std::filesystem::path(step.value("file", "")).filename(), "racy.h") << step;
  }
}

TEST(ExploreCommand, ReplaysStepForStep) {
  const auto first = json_of(racelab_explore({"20_check_then_act/racy", "--json"}));
  const auto token = first.value("token", "");
  for (int i = 0; i < 5; ++i) {
    const auto outcome = racelab_explore({"20_check_then_act/racy", "--json", "--replay", token});
    EXPECT_EQ(outcome.exit_code, 12) << outcome.output;
    const auto again = json_of(outcome);
    EXPECT_EQ(again["steps"], first["steps"]);
    EXPECT_EQ(again["token"], token);
  }
}

TEST(ExploreCommand, PassesAFixExhausted) {
  const auto outcome = racelab_explore({"20_check_then_act/mutex", "--json"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  const auto json = json_of(outcome);
  EXPECT_EQ(json.value("verdict", ""), "pass");
  EXPECT_TRUE(json.value("exhausted", false));
  EXPECT_EQ(json.value("bound", 0), 2);
  EXPECT_TRUE(json["steps"].empty());
}

TEST(ExploreCommand, TellsTheStoryAndHowToReplayIt) {
  const auto outcome = racelab_explore({"20_check_then_act/racy"});
  EXPECT_EQ(outcome.exit_code, 12);
  for (const char* part : {"wrong_result", "preempted", "lock mutex_", "read hits_", "Which is: 1",
                           "./racelab explore 20_check_then_act/racy --replay "}) {
    EXPECT_NE(outcome.output.find(part), std::string::npos) << part << "\n" << outcome.output;
  }
  EXPECT_EQ(outcome.output.find('\033'), std::string::npos);
}

TEST(ExploreCommand, WritesTheTrace) {
  const File trace("trace.json", "");
  racelab_explore({"20_check_then_act/racy", "--trace", trace.path()});
  std::ifstream in(trace.path());
  const auto json = Json::parse(in, nullptr, false);
  ASSERT_TRUE(json.is_object());
  EXPECT_EQ(json.value("verdict", ""), "wrong_result");
  EXPECT_FALSE(json["steps"].empty());
}

TEST(ExploreCommand, SaysWhatIsOffWithItsWords) {
  const auto expect_usage = [](const std::vector<std::string>& arguments, const char* part) {
    const auto outcome = racelab_explore(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.output;
    EXPECT_NE(outcome.output.find(part), std::string::npos) << outcome.output;
  };
  expect_usage({}, "what");
  expect_usage({"99_nothing/racy"}, "99_nothing");
  expect_usage({"20_check_then_act"}, "20_check_then_act/mutex");
  expect_usage({"20_check_then_act/racy", "--bound", "-1"}, "--bound");
  expect_usage({"20_check_then_act/racy", "--replay", "nonsense"}, "not a token");
  expect_usage({"20_check_then_act/racy", "--replay", "0000-abcd"}, "no test");
  expect_usage({"20_check_then_act/racy", "--test", "*.NoSuch"}, "no test");
  expect_usage({"20_check_then_act", "--attempt", "/no/such/file.h"}, "there is no file");
}

// The token of a schedule that goes another way here: as after a change of the code.
TEST(ExploreCommand, TellsATokenOfAnotherBuild) {
  const auto first = json_of(racelab_explore({"20_check_then_act/racy", "--json"}));
  auto token = first.value("token", "");
  ASSERT_FALSE(token.empty());
  token.back() = token.back() == '0' ? '1' : '0';
  const auto outcome = racelab_explore({"20_check_then_act/racy", "--replay", token});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_NE(outcome.output.find("another build"), std::string::npos) << outcome.output;
}

std::string source_of(const std::string& path) {
  std::ifstream in(std::string(RACELAB_SOURCE_DIR) + "/" + path);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(ExploreCommand, ExploresAnAttempt) {
  const File attempt("attempt.h", source_of("scenarios/20_check_then_act/racy.h"));
  const auto outcome =
      racelab_explore({"20_check_then_act", "--attempt", attempt.path(), "--json"});
  EXPECT_EQ(outcome.exit_code, 12) << outcome.output;
  EXPECT_EQ(json_of(outcome).value("attempt", ""), attempt.path());
}

TEST(ExploreCommand, JudgesAttemptsThatDoNotCompileOrCheat) {
  const File broken("broken.h", "namespace check_then_act { class Collector { oops } }\n");
  EXPECT_EQ(racelab_explore({"20_check_then_act", "--attempt", broken.path()}).exit_code, 15);
  auto source = source_of("scenarios/20_check_then_act/racy.h");
  source.insert(source.find("  void add("), "  __attribute__((no_sanitize(\"thread\")))\n");
  const File gagged("gagged.h", source);
  EXPECT_EQ(racelab_explore({"20_check_then_act", "--attempt", gagged.path()}).exit_code, 16);
}

}  // namespace
