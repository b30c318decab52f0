#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "lab/report/format/formats.h"
#include "lab/report/reader.h"

namespace lab::report {
namespace {

// A race of one locked and one unlocked side, on lines of tests/report/programs/one_side.cc.
const std::string kRace = R"(==================
WARNING: ThreadSanitizer: data race (pid=11)
  Write of size 4 at 0x55f0 by thread T2:
    #0 bank::Account::deposit(int) /build/tests/report/programs/one_side_locked.cc:12:5 (prog+0x12)

  Previous read of size 4 at 0x55f0 by thread T1 'auditor' (mutexes: write M0):
    #0 std::vector<int, std::allocator<int>>::size() const /usr/include/c++/12/bits/stl_vector.h:1 (prog+0x1)
    #1 bank::Account::total() const /build/tests/report/programs/one_side_locked.cc:17:12 (prog+0x13)

  Thread T1 'auditor' (tid=12, running) created by main thread at:
    #0 main /src/b.cc:20:3 (prog+0x3)

SUMMARY: ThreadSanitizer: data race x.cc:10:5 in f
==================
)";

const std::string kInversion =
    R"(WARNING: ThreadSanitizer: lock-order-inversion (potential deadlock) (pid=1)
  Cycle in lock order graph: M0 (0x1) => M1 (0x2) => M0

  Mutex M1 acquired here while holding mutex M0 in thread T1:
    #0 merge(A&, B&) /p/a.cc:3:1 (p+0x1)

  Mutex M0 acquired here while holding mutex M1 in main thread:
    #0 split(A&, B&) /p/a.cc:9:1 (p+0x2)

SUMMARY: ThreadSanitizer: lock-order-inversion (potential deadlock) in pthread_mutex_lock
==================
)";

const std::string kCrash =
    "==9==ERROR: ThreadSanitizer: SEGV on unknown address 0x0 (pc 0x1)\n"
    "==9==The signal is caused by a WRITE memory access.\n    #0 f() /p/a.cc:1 (m+0x1)\n\n"
    "SUMMARY: ThreadSanitizer: SEGV a.cc:1 in f()\n==9==ABORTING\n";

struct Told {
  explicit Told(const std::string& log)
      : reports(read_reports(std::string_view(log))), sources({RACELAB_SOURCE_DIR}) {
    context.sources = &sources;
    context.scenarios = {"05_wrong_lock", "09_lock_order"};
    causes = find_causes(reports, context.own, sources);
  }
  std::string text(const TextOptions& options = {}) {
    std::ostringstream out;
    write_text(out, reports, causes, context, options);
    return out.str();
  }
  nlohmann::json json() {
    std::ostringstream out;
    write_json(out, reports, causes, context);
    return nlohmann::json::parse(out.str());
  }
  std::vector<Report> reports;
  Sources sources;
  Context context;
  std::vector<Cause> causes;
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Text, SaysWhoDidWhatUnderWhichLock) {
  const auto text = Told(kRace).text({.width = 200});
  EXPECT_TRUE(has(text, "T2            Account::deposit()  wrote")) << text;
  EXPECT_TRUE(has(text, "T1")) << text;
  EXPECT_TRUE(has(text, "no lock held")) << text;
  EXPECT_TRUE(has(text, "holds M0")) << text;
  EXPECT_TRUE(has(text, "no lock in common; nothing orders these two accesses")) << text;
  EXPECT_TRUE(has(text, "One side locked, the other not")) << text;
  EXPECT_TRUE(has(text, "Take the same lock in Account::deposit().")) << text;
  EXPECT_TRUE(has(text, "racelab start 05_wrong_lock")) << text;
  EXPECT_TRUE(has(text, "1 report, 1 cause")) << text;
  EXPECT_FALSE(has(text, "\x1b")) << text;
}

TEST(Text, DrawsTheCycleOfALockOrder) {
  const auto text = Told(kInversion).text();
  EXPECT_TRUE(has(text, "M0 ── T1 ──▶ M1")) << text;
  EXPECT_TRUE(has(text, "main thread ─")) << text;
  EXPECT_TRUE(has(text, "racelab start 09_lock_order")) << text;
}

TEST(Text, WrapsProseToTheWidth) {
  std::istringstream lines(Told(kInversion).text({.width = 60}));
  for (std::string line; std::getline(lines, line);) {
    const bool prose = line.starts_with("    ") && !has(line, "─");
    EXPECT_TRUE(!prose || line.size() <= 60) << line;
  }
}

TEST(Text, ShowsTheRawReportsWhenAsked) {
  EXPECT_FALSE(has(Told(kRace).text(), "Previous read of size 4"));
  EXPECT_TRUE(has(Told(kRace).text({.raw = true}), "Previous read of size 4"));
}

TEST(Text, ShowsWholeNamesWhenAsked) {
  EXPECT_TRUE(has(Told(kRace).text({.full_names = true}), "bank::Account::deposit(int)"));
}

TEST(Text, PassesNoCommandsToTheTerminal) {
  auto log = kRace;
  log.replace(log.find("'auditor'"), 9, "'au\x1b]0;x\x07'");
  EXPECT_FALSE(has(Told(log).text({.raw = true}), "\x1b"));
}

TEST(Text, SaysSoWhenThereIsNothing) {
  EXPECT_TRUE(has(Told("all is well\n").text(), "No ThreadSanitizer report"));
}

TEST(Json, HoldsTheReportsAndTheirCauses) {
  const auto json = Told(kRace + kInversion).json();
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
  const auto json = Told(kCrash + kRace).json();
  ASSERT_EQ(json["reports"].size(), 1u);
  EXPECT_EQ(json["reports"][0]["kind"], "data race");
  ASSERT_EQ(json["errors"].size(), 1u);
  EXPECT_EQ(json["errors"][0]["kind"], "SEGV");
  ASSERT_EQ(json["causes"].size(), 1u);
  EXPECT_EQ(json["causes"][0]["reports"], nlohmann::json::array({0}));
}

TEST(Json, IsValidWhateverBytesTheLogHolds) {
  auto log = kRace;
  log.replace(log.find("deposit"), 7, "dep\xff\xfe\x01\"");
  EXPECT_EQ(Told(log).json()["reports"].size(), 1u);
}

}  // namespace
}  // namespace lab::report
