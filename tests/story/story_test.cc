#include "lab/story/story.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "lab/story/layout.h"

namespace lab::story {
namespace {

using Json = nlohmann::json;

Json step(const char* thread, const char* op, const char* object, int line) {
  return {
      {"thread", thread}, {"op", op}, {"object", object}, {"file", "/code/racy.h"}, {"line", line}};
}

Json with(Json json, const char* field, const Json& value) {
  json[field] = value;
  return json;
}

Json lost_update() {
  return {
      {"event", "explored"},
      {"test", "Suite.TwoHitsAreBothCounted"},
      {"verdict", "wrong_result"},
      {"kind", "failed expectation"},
      {"message",
       "/code/test.cc:9: Expected equality of these values:\n  hits\n    Which is: 1\n  2"},
      {"token", "1234-5.2-abcd"},
      {"schedules", 7},
      {"bound", 1},
      {"preemptions", 1},
      {"sides", {{{"thread", "main"}, {"op", "start"}, {"file", "/code/test.cc"}, {"line", 9}}}},
      {"steps",
       {step("main", "create", "T1", 5), step("main", "create", "T2", 5),
        with(step("main", "join", "T1", 5), "blocked", true), step("T1", "start", "T1", 0),
        step("T1", "lock", "mutex_", 10), step("T1", "read", "hits_", 11),
        step("T1", "read", "", 11), step("T1", "unlock", "mutex_", 12),
        with(step("T2", "start", "T2", 0), "preempts", true), step("T2", "lock", "mutex_", 10),
        step("T2", "exit", "", 0), step("T1", "lock", "mutex_", 14), step("T1", "exit", "", 0),
        step("main", "join", "T1", 5), step("main", "lock", "mutex_", 20)}}};
}

Story story_of(const Json& json) {
  const auto story = read(json.dump());
  EXPECT_TRUE(story.has_value());
  return story.value_or(Story{});
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(Story, ReadsWhatTheExplorerEmits) {
  const auto story = story_of(lost_update());
  EXPECT_EQ(story.test, "Suite.TwoHitsAreBothCounted");
  EXPECT_EQ(story.preemptions, 1);
  EXPECT_EQ(story.steps.size(), 15u);
  EXPECT_TRUE(story.steps[2].blocked);
  EXPECT_TRUE(story.steps[8].preempts);
}

TEST(Story, RefusesWhatIsNoStory) {
  EXPECT_FALSE(read("").has_value());
  EXPECT_FALSE(read("[]").has_value());
  EXPECT_FALSE(read(R"({"event":"test"})").has_value());
  EXPECT_FALSE(read(R"({"event":"explored","steps":[{"line":"ten"}]})").has_value());
  EXPECT_FALSE(read(R"({"event":"explored","steps":[7]})").has_value());
  EXPECT_TRUE(read(R"({"event":"explored","steps":7})").has_value());
}

TEST(Story, TellsTestsInWords) {
  EXPECT_EQ(in_words("S.TwoFirstHitsAreCounted"), "two first hits are counted");
  EXPECT_EQ(in_words("S.AThreadSeesItsOwnHit"), "a thread sees its own hit");
  EXPECT_EQ(in_words("S.TheTTLIsKept"), "the TTL is kept");
  EXPECT_EQ(in_words("S.ReadsRESP"), "reads RESP");
  EXPECT_EQ(in_words("S.Keeps100Records"), "keeps100 records");
  EXPECT_EQ(in_words("Drawn/Random.Runs/7"), "runs 7");
  EXPECT_EQ(in_words(""), "");
}

TEST(Story, HasAColumnForEachThreadThatDoesSomething) {
  const auto text = joined(table(story_of(lost_update()), {}));
  EXPECT_NE(text.find("    T1"), std::string::npos);
  EXPECT_NE(text.find("T2"), std::string::npos);
  EXPECT_EQ(text.find("    main "), text.find("    main starts T1 and T2")) << text;
  EXPECT_NE(text.find("main takes 1 step once they have ended"), std::string::npos) << text;
}

TEST(Story, ShowsSwitchesAsArrows) {
  const auto text = joined(table(story_of(lost_update()), {}));
  EXPECT_EQ(count(text, "preempted"), 1u) << text;
  EXPECT_EQ(count(text, "▶"), 1u) << text;
  EXPECT_EQ(count(text, "◀"), 1u) << text;
  EXPECT_NE(text.find(" ends "), std::string::npos) << text;
}

TEST(Story, TakesALinesAccessesTogether) {
  const auto text = joined(table(story_of(lost_update()), {}));
  EXPECT_EQ(count(text, "read"), 1u) << text;
  EXPECT_NE(text.find("read hits_"), std::string::npos) << text;
}

TEST(Story, FoldsStepsInsideOfLibraries) {
  auto json = lost_update();
  auto inside =
      with(step("T1", "update", "atomic 3", 10), "within", "std::promise<int>::set_value()");
  json["steps"] = {step("main", "create", "T1", 5), inside, inside, inside,
                   step("T1", "lock", "mutex_", 11)};
  const auto text = joined(table(story_of(json), {}));
  EXPECT_NE(text.find("… 3 in set_value()"), std::string::npos) << text;
  EXPECT_EQ(text.find("atomic 3"), std::string::npos) << text;
}

TEST(Story, FitsTheColumnsOfThePage) {
  for (const int columns : {60, 80, 100, 132}) {
    auto json = lost_update();
    json["steps"][4]["object"] = std::string(200, 'm');
    for (const auto& line : table(story_of(json), {.columns = columns})) {
      EXPECT_LE(width_of(line), static_cast<std::size_t>(columns)) << line;
    }
  }
}

TEST(Story, FoldsInItsLaneWhatIsTooLongForIt) {
  auto json = lost_update();
  json["steps"][4]["object"] = "mutex_of_the_connections_";
  const auto lines = table(story_of(json), {.columns = 50});
  for (const auto& line : lines) EXPECT_LE(width_of(line), 50u) << line;
  const auto first = std::find_if(lines.begin(), lines.end(),
                                  [](const auto& line) { return line.find("lock") < 20; });
  ASSERT_NE(first, lines.end());
  EXPECT_TRUE((first + 1)->starts_with("    mutex_of_the_")) << joined(lines);
}

TEST(Story, FoldsWhatAnExpectationFound) {
  auto json = lost_update();
  json["message"] = "/code/test.cc:9: " + std::string(30, 'a') + " " + std::string(30, 'b');
  const auto lines = finding(story_of(json), {.columns = 50});
  for (const auto& line : lines) EXPECT_LE(width_of(line), 50u) << line;
  EXPECT_NE(joined(lines).find(std::string(30, 'b')), std::string::npos) << joined(lines);
}

TEST(Story, NamesNoLineThatIsNotKnown) {
  auto json = lost_update();
  json["kind"] = "crash";
  json["verdict"] = "crash";
  json["sides"] = {{{"thread", "T1"}, {"op", "read"}, {"file", "/code/racy.h"}, {"line", 0}}};
  const auto text = joined(finding(story_of(json), {}));
  EXPECT_NE(text.find("racy.h"), std::string::npos) << text;
  EXPECT_EQ(text.find(":0"), std::string::npos) << text;
}

TEST(Story, TellsWhereThreadsWithoutEndWereLastSeen) {
  auto json = lost_update();
  json["verdict"] = "timeout";
  json["kind"] = "too long";
  json["message"] = "still running after 20000 steps";
  json["sides"] = Json::array();
  json["steps"] = {step("T1", "lock", "mutex_", 10), step("T1", "write", "hits_", 12),
                   step("T2", "lock", "mutex_", 10), step("T2", "exit", "", 0)};
  const auto text = joined(finding(story_of(json), {}));
  EXPECT_NE(text.find("T1    was last seen at   racy.h:12"), std::string::npos) << text;
  EXPECT_EQ(text.find("T2"), std::string::npos) << text;
}

TEST(Story, GivesManyThreadsOneColumn) {
  auto json = lost_update();
  json["steps"] = Json::array();
  for (int i = 1; i <= 9; ++i) {
    const auto name = "T" + std::to_string(i);
    json["steps"].push_back(step("main", "create", name.c_str(), 5));
    json["steps"].push_back(step(name.c_str(), "lock", "mutex_", 10));
  }
  const auto lines = table(story_of(json), {});
  EXPECT_NE(joined(lines).find("T9  lock mutex_"), std::string::npos) << joined(lines);
  for (const auto& line : lines) EXPECT_LE(width_of(line), 80u) << line;
}

TEST(Story, CutsTheMiddleOfALongOne) {
  auto json = lost_update();
  json["steps"] = Json::array({step("main", "create", "T1", 5)});
  for (int i = 0; i < 5000; ++i) {
    json["steps"].push_back(step("T1", "lock", "mutex_", 10 + i % 97));
  }
  const auto lines = table(story_of(json), {});
  EXPECT_LE(lines.size(), 90u);
  EXPECT_NE(joined(lines).find("more of the kind"), std::string::npos);
}

TEST(Story, ShowsOnceWhatIsDoneOverAndOver) {
  auto json = lost_update();
  json["steps"] = Json::array({step("main", "create", "T1", 5)});
  for (int i = 0; i < 500; ++i) {
    json["steps"].push_back(step("T1", "lock", "mutex_", 10));
    json["steps"].push_back(step("T1", "unlock", "mutex_", 11));
  }
  json["steps"].push_back(step("T1", "lock", "other_", 12));
  const auto lines = table(story_of(json), {});
  EXPECT_LE(lines.size(), 8u) << joined(lines);
  EXPECT_NE(joined(lines).find("… these 2 steps again, 499 times …"), std::string::npos);
  EXPECT_NE(joined(lines).find("1001 lock other_"), std::string::npos) << joined(lines);
}

TEST(Story, LeavesOutWhatATerminalWouldObey) {
  auto json = lost_update();
  json["steps"][4]["object"] = "mu\033[2Jtex_";
  json["message"] = "/code/test.cc:9: \033]0;title\007";
  const auto story = story_of(json);
  EXPECT_EQ(joined(table(story, {})).find('\033'), std::string::npos);
  EXPECT_EQ(joined(finding(story, {})).find('\033'), std::string::npos);
}

TEST(Story, TellsAFailedExpectationWithItsValues) {
  const auto text = joined(finding(story_of(lost_update()), {}));
  EXPECT_NE(text.find("two hits are both counted"), std::string::npos) << text;
  EXPECT_NE(text.find("test.cc:9"), std::string::npos) << text;
  EXPECT_NE(text.find("Which is: 1"), std::string::npos) << text;
}

TEST(Story, TellsBothAccessesOfARaceAndTheLocksHeld) {
  auto json = lost_update();
  json["verdict"] = "race";
  json["kind"] = "data race";
  json["sides"] = {{{"thread", "T1"},
                    {"op", "write"},
                    {"object", "hits_"},
                    {"line", 11},
                    {"file", "/code/racy.h"},
                    {"function", "Collector::add(int)"},
                    {"locks", {{{"name", "mutex_"}, {"line", 10}}}}},
                   {{"thread", "T2"},
                    {"op", "read"},
                    {"object", "hits_"},
                    {"line", 20},
                    {"file", "/code/racy.h"},
                    {"function", "Collector::find() const"}}};
  const auto text = joined(finding(story_of(json), {}));
  EXPECT_NE(text.find("data race on hits_"), std::string::npos) << text;
  EXPECT_NE(text.find("write in add()   racy.h:11   holds mutex_"), std::string::npos) << text;
  EXPECT_NE(text.find("read in find()   racy.h:20   no lock held"), std::string::npos) << text;
  EXPECT_NE(text.find("no lock in common"), std::string::npos) << text;
}

Json waiting(const char* thread, const char* op, const char* object, const char* holder,
             const char* holds) {
  Json side{{"thread", thread},       {"op", op},   {"object", object},      {"holder", holder},
            {"file", "/code/racy.h"}, {"line", 30}, {"locks", Json::array()}};
  if (*holds) side["locks"].push_back({{"name", holds}, {"line", 29}});
  return side;
}

TEST(Story, TellsTheCycleOfADeadlock) {
  auto json = lost_update();
  json["verdict"] = json["kind"] = "deadlock";
  json["sides"] = {waiting("main", "join", "T1", "T1", ""), waiting("T1", "lock", "b_", "T2", "a_"),
                   waiting("T2", "lock", "a_", "T1", "b_")};
  const auto text = joined(finding(story_of(json), {}));
  EXPECT_NE(text.find("deadlock: T1 and T2 wait for each other"), std::string::npos) << text;
  EXPECT_NE(text.find("T1    holds a_ (since line 29), waits for b_, which T2 holds"),
            std::string::npos)
      << text;
}

TEST(Story, TellsALockThatItsThreadLeftLocked) {
  auto json = lost_update();
  json["verdict"] = json["kind"] = "deadlock";
  json["sides"] = {waiting("main", "join", "T1", "T1", ""),
                   waiting("T1", "lock", "mutex_", "T2", "")};
  json["sides"][1]["holder_has_ended"] = true;
  const auto text = joined(finding(story_of(json), {}));
  EXPECT_NE(text.find("deadlock: T2 has ended and never gave back mutex_"), std::string::npos)
      << text;
  EXPECT_NE(text.find("T1    waits for mutex_, which T2 never gave back"), std::string::npos)
      << text;
}

TEST(Story, TellsAThreadThatIsLeftWaiting) {
  auto json = lost_update();
  json["verdict"] = json["kind"] = "deadlock";
  json["sides"] = {waiting("main", "exit", "", "", ""),
                   waiting("T1", "wake_up", "arrived_", "", "")};
  const auto text = joined(finding(story_of(json), {}));
  EXPECT_NE(text.find("deadlock: the test has ended, and T1 still waits for arrived_"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("main  has ended the test, and every"), std::string::npos) << text;
}

TEST(Story, TellsAThreadThatWaitsForItsOwnEnd) {
  auto json = lost_update();
  json["verdict"] = json["kind"] = "deadlock";
  json["sides"] = Json::array({waiting("T1", "join", "T1", "T1", "")});
  const auto text = joined(finding(story_of(json), {}));
  EXPECT_NE(text.find("deadlock: T1 waits for its own end"), std::string::npos) << text;
}

TEST(Story, TellsWhyAnOlderValueIsFound) {
  auto json = lost_update();
  json["steps"].back()["op"] = "finds an older";
  json["steps"].back()["object"] = "version_";
  const auto text = joined(finding(story_of(json), {}));
  EXPECT_NE(text.find("finds an older version_: no memory order makes the latest"),
            std::string::npos)
      << text;
}

TEST(Story, TellsALostWakeUp) {
  auto json = lost_update();
  json["verdict"] = "deadlock";
  json["kind"] = "lost wake-up";
  json["sides"] = {waiting("main", "join", "T1", "T1", ""),
                   waiting("T1", "wake_up", "arrived_", "", "")};
  const auto text = joined(finding(story_of(json), {}));
  EXPECT_NE(text.find("lost wake-up: T1 waits for arrived_"), std::string::npos) << text;
}

TEST(Layout, CountsCharactersNotBytes) {
  EXPECT_EQ(width_of("└─▶"), 3u);
  EXPECT_EQ(fitted("└─▶ab", 4), "└─▶…");
  EXPECT_EQ(fitted("abc", 3), "abc");
  EXPECT_EQ(fitted("abc", 0), "");
  EXPECT_EQ(fitted_end("20_check_then_act_test.cc", 8), "…test.cc");
  EXPECT_EQ(padded("└", 3), "└  ");
}

}  // namespace
}  // namespace lab::story
