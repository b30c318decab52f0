#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "lab/report/format/formats.h"
#include "tests/report/logs.h"

namespace lab::report {
namespace {

std::string text(const std::string& log, const TextOptions& options = {}) {
  Told told(log);
  std::ostringstream out;
  write_text(out, told.reports, told.causes, told.context, options);
  return out.str();
}

nlohmann::json json_of(const std::string& log) {
  Told told(log);
  std::ostringstream out;
  write_json(out, told.reports, told.causes, told.context);
  return nlohmann::json::parse(out.str());
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Text, SaysWhoDidWhatUnderWhichLock) {
  const auto told = text(kRaceLog, {.width = 200});
  EXPECT_TRUE(has(told, "T2            Account::deposit()  wrote")) << told;
  EXPECT_TRUE(has(told, "T1")) << told;
  EXPECT_TRUE(has(told, "no lock held")) << told;
  EXPECT_TRUE(has(told, "holds M0")) << told;
  EXPECT_TRUE(has(told, "no lock in common; nothing orders these two accesses")) << told;
  EXPECT_TRUE(has(told, "One side locked, the other not")) << told;
  EXPECT_TRUE(has(told, "Hold the same lock (M0) in Account::deposit(), or in those who call "))
      << told;
  EXPECT_TRUE(has(told, "racelab start 05_wrong_lock")) << told;
  EXPECT_TRUE(has(told, "1 report, 1 cause")) << told;
  EXPECT_FALSE(has(told, "\x1b")) << told;
}

TEST(Text, DrawsTheCycleOfALockOrder) {
  const auto told = text(kInversionLog);
  EXPECT_TRUE(has(told, "M0 ── T1 ──▶ M1")) << told;
  EXPECT_TRUE(has(told, "main thread ─")) << told;
  EXPECT_TRUE(has(told, "racelab start 09_lock_order")) << told;
}

TEST(Text, ListsEveryPartyOfALongCycle) {
  Told told(kInversionLog);
  auto edge = told.reports[0].edges[1];
  edge.thread = "T7";
  told.reports[0].edges.push_back(edge);
  told.causes = find_causes(told.reports, told.context.own, *told.context.sources);
  std::ostringstream out;
  write_text(out, told.reports, told.causes, told.context, {.width = 200});
  EXPECT_TRUE(has(out.str(), "\n  T7 ")) << out.str();
  EXPECT_TRUE(has(out.str(), "A circle of 3 mutexes")) << out.str();
}

TEST(Text, MarksBothPlacesOfOneLine) {
  const std::string file = testing::TempDir() + "one_line.cc";
  std::ofstream(file) << "int total = 0;\n"
                         "void add() { total = total + 1; }\n";
  const auto log = [&](int first, int second) {
    const auto at = [&](int column) {
      return fmt::format("    #0 add() {}:2:{} (one+0x1)\n\n", file, column);
    };
    return "==================\nWARNING: ThreadSanitizer: data race (pid=1)\n"
           "  Write of size 4 at 0x10 by thread T2:\n" +
           at(first) + "  Previous read of size 4 at 0x10 by thread T1:\n" + at(second) +
           "  Location is global 'total' of size 4 at 0x10 (one+0x2)\n\n"
           "SUMMARY: ThreadSanitizer: data race one_line.cc:2 in add()\n==================\n";
  };
  const std::string line = "      2 | void add() { total = total + 1; }\n";
  EXPECT_TRUE(has(text(log(20, 22)), line + "        |              ^^^^^ T2 wrote\n"
                                            "        |                      ^^^^^ T1 read\n"))
      << text(log(20, 22));
  EXPECT_TRUE(has(text(log(20, 20)), line + "        |              ^^^^^ T2 wrote, T1 read\n"))
      << text(log(20, 20));
}

// A race of two lines of the file; a place is "line" or "line:column".
template <class Place>
std::string race_log(const std::string& file, Place first, Place second,
                     const std::string& second_op = "read") {
  return fmt::format(
      "WARNING: ThreadSanitizer: data race (pid=1)\n"
      "  Write of size 4 at 0x10 by thread T2:\n    #0 f() {0}:{1} (a+0x1)\n\n"
      "  Previous {3} of size 4 at 0x10 by thread T1:\n    #0 g() {0}:{2} (a+0x2)\n\n"
      "SUMMARY: ThreadSanitizer: data race {0} in f()\n",
      file, first, second, second_op);
}

// A crash is no cause of its own beside the races that may have led to it.
TEST(Text, CountsACrashApart) {
  EXPECT_TRUE(has(text(kCrashLog), "1 report, 1 cause\n")) << text(kCrashLog);
  const auto both = text(kRaceLog + kCrashLog);
  EXPECT_TRUE(has(both, "1 report, 1 cause; and a crash\n")) << both;
}

// An atomic that stands near by, in somebody else's function, has published nothing.
TEST(Text, NamesARelaxedAtomicOfBothFunctionsOnly) {
  const std::string file = testing::TempDir() + "relaxed.cc";
  std::ofstream(file) << "void put() { data = 1; ready.store(true, std::memory_order_relaxed); }\n"
                         "int get() {\n"
                         "  while (!ready.load(std::memory_order_relaxed)) {\n"
                         "  }\n"
                         "  return data;\n"
                         "}\n"
                         "void add() { total = 1; }\n"
                         "int sum() { return total; }\n";
  const auto log = [&](auto first, auto second) { return race_log(file, first, second); };
  EXPECT_TRUE(has(text(log(1, 5)), "Both functions use ready with")) << text(log(1, 5));
  EXPECT_FALSE(has(text(log(7, 8)), "relaxed atomic")) << text(log(7, 8));
}

// Of a line with several statements, the one at the column is what raced.
TEST(Text, ReadsTheStatementThatTheColumnMeans) {
  const std::string file = testing::TempDir() + "statements.cc";
  std::ofstream(file) << "void add() { lines_.clear(); ++total_; }\n"
                         "int sum() { if (lines_.empty()) return 0; return total_; }\n"
                         "struct Tls : Session { ~Tls() { cipher_ = 0; } int cipher_ = 1; };\n"
                         "int total_ = 0;\n";
  const auto log = [&](auto first, auto second) { return race_log(file, first, second); };
  const auto told = text(log("1:30", "2:50"));
  EXPECT_TRUE(has(told, "Data race on total_")) << told;
  EXPECT_TRUE(has(told, "        |                                ^^^^^^ T2 wrote\n")) << told;
  EXPECT_TRUE(
      has(told, "        |                                                  ^^^^^^ T1 read\n"))
      << told;
  EXPECT_TRUE(has(text(log("1:14", "2:17")), "Data race on lines_"));
  EXPECT_TRUE(has(text(log("3:24", "3:24")), "Data race\n")) << text(log("3:24", "3:24"));
  EXPECT_TRUE(has(text(log("3:41", "3:41")), "Data race on cipher_"));
  EXPECT_TRUE(has(text(log("3", "3")), "Data race on cipher_"));  // gcc gives no columns.
}

// Where gcc gives no column: a pointer that both lines follow did not race.
TEST(Text, NamesNoPointerThatBothSidesFollow) {
  const std::string file = testing::TempDir() + "follow.cc";
  std::ofstream(file) << "void start() { d_->callback = std::move(cb); }\n"
                         "void run() { d_->callback(1); }\n"
                         "void replace() { d_ = next; }\n";
  const auto log = [&](auto first, auto second) { return race_log(file, first, second); };
  EXPECT_FALSE(has(text(log(1, 2)), "race on d_")) << text(log(1, 2));
  EXPECT_TRUE(has(text(log(3, 2)), "race on d_")) << text(log(3, 2));
}

TEST(Text, NamesBitFields) {
  const std::string file = testing::TempDir() + "bits.cc";
  std::ofstream(file) << "struct Slot { unsigned taken : 1; unsigned sold : 5; int count; };\n"
                         "void take(Slot& slot) { slot.taken = 1; }\n"
                         "void sell(Slot& slot) { slot.sold = 2; }\n"
                         "void add(Slot& slot) { slot.count = 2; }\n";
  const auto log = [&](auto first, auto second) { return race_log(file, first, second, "write"); };
  const auto told = text(log(3, 2));
  EXPECT_TRUE(has(told, "taken and sold are bit-fields")) << told;
  EXPECT_FALSE(has(told, "Make it a std::atomic")) << told;
  EXPECT_TRUE(has(text(log(4, 4)), "Make it a std::atomic")) << text(log(4, 4));
  EXPECT_FALSE(has(text(log(4, 4)), "bit-field")) << text(log(4, 4));
}

TEST(Text, TellsAFreeOfWhatIsInUse) {
  const auto told = text(
      "WARNING: ThreadSanitizer: data race (pid=1)\n"
      "  Write of size 8 at 0x10 by thread T2:\n    #0 free <null> (a+0x9)\n"
      "    #1 drop() drop.cc:1 (a+0x1)\n\n"
      "  Previous atomic write of size 4 at 0x10 by thread T1:\n    #0 set() drop.cc:2 (a+0x2)\n\n"
      "SUMMARY: ThreadSanitizer: data race drop.cc:1 in drop()\n");
  EXPECT_TRUE(has(told, "T2 in drop() freed the memory that T1 in set() wrote (atomic)")) << told;
  EXPECT_FALSE(has(told, "Atomic on one side only")) << told;
  EXPECT_FALSE(has(told, "Make it a std::atomic")) << told;
}

TEST(Text, AdvisesNoAtomicForADescriptor) {
  const auto log = [](const std::string& location) {
    return "WARNING: ThreadSanitizer: data race (pid=1)\n"
           "  Write of size 8 at 0x10 by thread T2:\n    #0 stop() /p/a.cc:2:1 (a+0x1)\n\n"
           "  Previous read of size 8 at 0x10 by thread T1:\n    #0 run() /p/a.cc:9:1 (a+0x2)\n\n"
           "  Location is " +
           location + "\n\nSUMMARY: ThreadSanitizer: data race a.cc:2 in stop()\n";
  };
  EXPECT_TRUE(has(text(log("global 'running' of size 8 at 0x10 (a+0x3)")), "std::atomic"));
  const auto told = text(log("file descriptor 4 created by main thread at:"));
  EXPECT_TRUE(has(told, "File descriptor shared")) << told;
  EXPECT_FALSE(has(told, "std::atomic")) << told;
}

TEST(Text, WrapsProseToTheWidth) {
  std::istringstream lines(text(kInversionLog, {.width = 60}));
  for (std::string line; std::getline(lines, line);) {
    const bool prose = line.starts_with("    ") && !has(line, "─");
    EXPECT_TRUE(!prose || line.size() <= 60) << line;
  }
}

TEST(Text, ShowsTheRawReportsWhenAsked) {
  EXPECT_FALSE(has(text(kRaceLog), "Previous read of size 4"));
  EXPECT_TRUE(has(text(kRaceLog, {.raw = true}), "Previous read of size 4"));
}

TEST(Text, ShowsWholeNamesWhenAsked) {
  EXPECT_TRUE(has(text(kRaceLog, {.full_names = true}), "bank::Account::deposit(int)"));
}

TEST(Text, PassesNoCommandsToTheTerminal) {
  auto log = kRaceLog;
  log.replace(log.find("'auditor'"), 9, "'au\x1b]0;x\x07'");
  EXPECT_FALSE(has(text(log, {.raw = true}), "\x1b"));
}

// Found by fuzzing: two processes that crash at once may seem to be one with two accesses.
TEST(Text, TellsOfACrashWithTwoAccesses) {
  const std::string header = "==9==ERROR: ThreadSanitizer: SEGV on unknown address 0x0\n";
  const std::string signal = "==9==The signal is caused by a WRITE memory access.\n";
  EXPECT_TRUE(has(text(header + signal + signal), "SEGV"));
}

TEST(Text, SaysSoWhenThereIsNothing) {
  EXPECT_TRUE(has(text("all is well\n"), "No ThreadSanitizer report"));
}

TEST(Json, HoldsTheReportsAndTheirCauses) {
  const auto json = json_of(kRaceLog + kInversionLog);
  ASSERT_EQ(json["reports"].size(), 2u);
  EXPECT_EQ(json["reports"][0]["kind"], "data race");
  const auto& access = json["reports"][0]["accesses"][0];
  EXPECT_EQ(access["op"], "write");
  EXPECT_EQ(access["size"], 4);
  EXPECT_EQ(access["thread"], "T2");
  EXPECT_EQ(access["frames"][0]["function"], "bank::Account::deposit(int)");
  EXPECT_EQ(access["frames"][0]["line"], 12);
  EXPECT_EQ(json["reports"][0]["accesses"][1]["mutexes"], nlohmann::json::array({"M0"}));

  ASSERT_EQ(json["causes"].size(), 2u);
  const auto& cause = json["causes"][0];
  EXPECT_EQ(cause["kind"], "data race");
  EXPECT_EQ(cause["reports"], nlohmann::json::array({0}));
  EXPECT_EQ(cause["first"]["op"], "write");
  EXPECT_EQ(cause["first"]["function"], "bank::Account::deposit");
  EXPECT_EQ(cause["second"]["line"], 17);
  EXPECT_EQ(cause["second"]["mutexes"], nlohmann::json::array({"M0"}));
  EXPECT_EQ(cause["patterns"][0]["id"], "one-side-locked");
  EXPECT_EQ(json["causes"][1]["second"]["function"], "split");
}

TEST(Json, KeepsFatalErrorsApart) {
  const auto json = json_of(kCrashLog + kRaceLog);
  ASSERT_EQ(json["reports"].size(), 1u);
  EXPECT_EQ(json["reports"][0]["kind"], "data race");
  ASSERT_EQ(json["errors"].size(), 1u);
  EXPECT_EQ(json["errors"][0]["kind"], "SEGV");
  ASSERT_EQ(json["causes"].size(), 1u);
  EXPECT_EQ(json["causes"][0]["reports"], nlohmann::json::array({0}));
}

TEST(Json, IsValidWhateverBytesTheLogHolds) {
  auto log = kRaceLog;
  log.replace(log.find("deposit"), 7, "dep\xff\xfe\x01\"");
  EXPECT_EQ(json_of(log)["reports"].size(), 1u);
}

}  // namespace
}  // namespace lab::report
