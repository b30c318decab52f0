#include "lab/report/reader.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace lab::report {
namespace {

const std::string kRace = R"(==================
WARNING: ThreadSanitizer: data race (pid=11)
  Write of size 4 at 0x55f0 by thread T1 (mutexes: write M0, read M1):
    #0 ns::Counter::add(int) /src/my project/a.cc:10:5 (prog+0x12) (BuildId: ab)
    #1 main::$_0::operator()() const /src/b.cc:11 (prog+0x13)

  Previous atomic read of size 8 at 0x55f0 by main thread:
    [failed to restore the stack]

  Location is global 'total' of size 4 at 0x55f0 (prog+0x55f0)

  Mutex M0 (0x7b00) created at:
    #0 pthread_mutex_lock <null> (prog+0x1)

  Mutex M1 is already destroyed.

  Thread T1 'worker' (tid=12, running) created by main thread at:
    #0 pthread_create <null> (prog+0x2)
    #1 main test/b.cc:20:3 (prog+0x3)

SUMMARY: ThreadSanitizer: data race /src/my project/a.cc:10:5 in ns::Counter::add(int)
==================
)";

std::string with_prefix(const std::string& text, const std::string& prefix) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    result += prefix + text.substr(at, end - at + 1);
    at = end + 1;
  }
  return result;
}

TEST(Reader, TakesARaceApart) {
  const auto reports = read_reports(kRace);
  ASSERT_EQ(reports.size(), 1u);
  const auto& report = reports[0];
  EXPECT_EQ(report.kind, "data race");
  EXPECT_EQ(report.pid, 11);
  EXPECT_FALSE(report.truncated);
  EXPECT_EQ(report.text, kRace);

  ASSERT_EQ(report.accesses.size(), 2u);
  const auto& write = report.accesses[0];
  EXPECT_EQ(write.op, "write");
  EXPECT_EQ(write.size, 4u);
  EXPECT_EQ(write.address, 0x55f0u);
  EXPECT_EQ(write.thread, "T1");
  ASSERT_EQ(write.mutexes.size(), 2u);
  EXPECT_EQ(write.mutexes[1].id, "M1");
  EXPECT_FALSE(write.mutexes[1].write);
  ASSERT_EQ(write.stack.size(), 2u);
  EXPECT_EQ(write.stack[0].function, "ns::Counter::add(int)");
  EXPECT_EQ(write.stack[0].file, "/src/my project/a.cc");
  EXPECT_EQ(write.stack[0].line, 10);
  EXPECT_EQ(write.stack[0].column, 5);
  EXPECT_EQ(write.stack[0].module, "prog");
  EXPECT_EQ(write.stack[0].offset, 0x12u);
  EXPECT_EQ(write.stack[1].function, "main::$_0::operator()() const");

  const auto& read = report.accesses[1];
  EXPECT_EQ(read.op, "read");
  EXPECT_TRUE(read.atomic);
  EXPECT_TRUE(read.previous);
  EXPECT_TRUE(read.stack_lost);
  EXPECT_EQ(read.thread, "main thread");

  ASSERT_EQ(report.locations.size(), 1u);
  EXPECT_EQ(report.locations[0].name, "total");
  ASSERT_EQ(report.mutexes.size(), 2u);
  EXPECT_TRUE(report.mutexes[1].destroyed);
  ASSERT_EQ(report.threads.size(), 1u);
  EXPECT_EQ(report.threads[0].name, "worker");
  EXPECT_EQ(report.threads[0].state, "running");
  EXPECT_EQ(report.threads[0].creator, "main thread");
  EXPECT_EQ(report.threads[0].created[1].file, "test/b.cc");
}

TEST(Reader, ReadsTheSameInPiecesOfAnySize) {
  for (const std::size_t size : {1u, 7u, 64u}) {
    std::vector<Report> reports;
    Reader reader([&](Report report) { reports.push_back(std::move(report)); });
    for (std::size_t at = 0; at < kRace.size(); at += size)
      reader.feed(std::string_view(kRace).substr(at, size));
    reader.finish();
    ASSERT_EQ(reports.size(), 1u);
    EXPECT_EQ(reports[0].text, kRace);
  }
}

TEST(Reader, LooksBehindThePrefixesOfLogs) {
  for (const std::string prefix :
       {"12: ", "web-1  | ", "2024-05-01T10:00:00.0000000Z ", "[job 4] "}) {
    const auto reports = read_reports(with_prefix(kRace, prefix));
    ASSERT_EQ(reports.size(), 1u) << prefix;
    EXPECT_EQ(reports[0].text, kRace) << prefix;
  }
}

TEST(Reader, ReadsColouredAndCarriageReturnedOutput) {
  std::string text =
      "\x1b[1m\x1b[31mWARNING: ThreadSanitizer: data race (pid=1)\r\n\x1b[1m\x1b[0m"
      "  Write of size 4 at 0x1 by thread T1:\r\n";
  const auto reports = read_reports(text);
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].accesses.size(), 1u);
  EXPECT_TRUE(reports[0].truncated);
}

TEST(Reader, GivesEachReportTheTestThatWasRunning) {
  const auto reports =
      read_reports("[ RUN      ] A.One\n" + kRace + "[       OK ] A.One (0 ms)\n" + kRace +
                   "noise[ RUN      ] A.Two\n" + "[ RUN      ] A.Three\n" + kRace);
  ASSERT_EQ(reports.size(), 3u);
  EXPECT_EQ(reports[0].test, "A.One");
  EXPECT_EQ(reports[1].test, "");
  EXPECT_EQ(reports[2].test, "A.Three");
}

TEST(Reader, KeepsKindsItDoesNotKnow) {
  const auto reports = read_reports(
      "WARNING: ThreadSanitizer: race of a new kind: 7 (x) (pid=3)\n  Something new happened at:\n"
      "    #0 f() a.cc:1 (m+0x1)\n\nSUMMARY: ThreadSanitizer: race of a new kind a.cc:1 in f()\n");
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].kind, "race of a new kind: 7 (x)");
  ASSERT_EQ(reports[0].stacks.size(), 1u);
  EXPECT_EQ(reports[0].stacks[0][0].function, "f()");
}

TEST(Reader, TellsFatalSignalsFromReports) {
  const auto reports = read_reports(
      "ThreadSanitizer:DEADLYSIGNAL\n==9==ERROR: ThreadSanitizer: SEGV on unknown address 0x0 (pc "
      "0x1)\n"
      "==9==The signal is caused by a WRITE memory access.\n    #0 f() a.cc:1 (m+0x1)\n\n"
      "SUMMARY: ThreadSanitizer: SEGV a.cc:1 in f()\n==9==ABORTING\n");
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_TRUE(reports[0].fatal);
  EXPECT_EQ(reports[0].kind, "SEGV");
  EXPECT_EQ(reports[0].pid, 9);
  ASSERT_EQ(reports[0].stacks.size(), 1u);
}

TEST(Reader, NamesTheLastWordsOfTheRuntime) {
  const std::vector<std::pair<std::string, std::string>> words = {
      {"FATAL: ThreadSanitizer: unexpected memory mapping 0x1-0x2", "unexpected memory mapping"},
      {"==3==FATAL: ThreadSanitizer: can not mmap the shadow memory (something is mapped at 0x1 < "
       "0x2)",
       "can not mmap the shadow memory"},
      {"ThreadSanitizer: CHECK failed: tsan_rtl.cpp:7 \"((1)) == ((2))\" (0x0, 0x1) (tid=3)",
       "CHECK failed"},
      {"==3==ERROR: ThreadSanitizer failed to allocate 0x1000 (4096) bytes of stack (error code: "
       "12)",
       "failed to allocate"},
      {"==3==ThreadSanitizer: hard rss limit exhausted (100Mb vs 120Mb)",
       "hard rss limit exhausted"},
      {"ThreadSanitizer: thread T1 'w' finished with ignores enabled, created at:",
       "finished with ignores enabled"},
      {"==3==ERROR: ThreadSanitizer: stack-overflow on address 0x1 (pc 0x2)", "stack-overflow"},
      {"==3==ERROR: ThreadSanitizer: BUS on unknown address (pc 0x2)", "BUS"}};
  for (const auto& [line, kind] : words) {
    const auto reports = read_reports("before\n" + line + "\n    #0 f() a.cc:1 (m+0x1)\n");
    ASSERT_EQ(reports.size(), 1u) << line;
    EXPECT_TRUE(reports[0].fatal) << line;
    EXPECT_EQ(reports[0].kind, kind) << line;
    EXPECT_EQ(reports[0].stacks.size(), 1u) << line;
  }
}

TEST(Reader, ReadsPositionsInBrackets) {
  const auto reports = read_reports(
      "WARNING: ThreadSanitizer: thread leak (pid=3)\n"
      "  Thread T1 (tid=4, finished) created by main thread at:\n"
      "    #0 f(int) /src/a b.cc(12,3) (m+0x1)\n    #1 g(int) /src/a.cc(7) (m+0x2)\n"
      "    #2 h(int) <null> (m+0x3) (BuildId: 0a1b)\n");
  ASSERT_EQ(reports.size(), 1u);
  const auto& stack = reports[0].threads.at(0).created;
  ASSERT_EQ(stack.size(), 3u);
  EXPECT_EQ(stack[0].function, "f(int)");
  EXPECT_EQ(stack[0].file, "/src/a b.cc");
  EXPECT_EQ(stack[0].line, 12);
  EXPECT_EQ(stack[0].column, 3);
  EXPECT_EQ(stack[1].line, 7);
  EXPECT_EQ(stack[2].function, "h(int)");
  EXPECT_EQ(stack[2].build_id, "0a1b");
}

TEST(Reader, RacesOfGoAreNoneOfOurs) {
  EXPECT_TRUE(
      read_reports("==================\nWARNING: DATA RACE\nRead at 0x00c0 by goroutine 7:\n"
                   "  main.f()\n      /src/main.go:9 +0x1\n\nPrevious write at 0x00c0 by "
                   "goroutine 6:\n  main.g()\n==================\nFound 1 data race(s)\n")
          .empty());
}

TEST(Reader, OtherWarningsOfTheRuntimeAreNoReports) {
  EXPECT_TRUE(
      read_reports("==5==WARNING: ThreadSanitizer: memory layout is incompatible, re-execing\n"
                   "ThreadSanitizer: reported 1 warnings\n==5==WARNING: ThreadSanitizer failed to "
                   "allocate 0x10 bytes\n")
          .empty());
}

TEST(Reader, KeepsTwoProcessesApartThatWriteInTurns) {
  std::string second = kRace;
  for (std::size_t at = 0; (at = second.find("55f0", at)) != std::string::npos;)
    second.replace(at, 4, "99a0");
  for (std::size_t at = 0; (at = second.find("prog+", at)) != std::string::npos;)
    second.replace(at, 4, "tool");
  second.replace(second.find("pid=11"), 6, "pid=77");
  std::string mixed;
  for (std::size_t a = 0, b = 0; a < kRace.size();) {
    mixed += kRace.substr(a, kRace.find('\n', a) - a + 1);
    mixed += second.substr(b, second.find('\n', b) - b + 1);
    a = kRace.find('\n', a) + 1;
    b = second.find('\n', b) + 1;
  }
  const auto reports = read_reports(mixed);
  ASSERT_EQ(reports.size(), 2u);
  for (const auto& report : reports) {
    ASSERT_EQ(report.accesses.size(), 2u);
    for (const auto& frame : report.accesses[0].stack) {
      EXPECT_EQ(frame.module, report.pid == 11 ? "prog" : "tool");
    }
    EXPECT_EQ(report.threads[0].created.size(), 2u);
  }
}

TEST(Reader, SurvivesEveryTruncation) {
  for (std::size_t size = 0; size < kRace.size(); ++size) {
    EXPECT_LE(read_reports(std::string_view(kRace).substr(0, size)).size(), 1u);
  }
}

TEST(Reader, HoldsNoMoreThanItsBoundsOfAnEndlessReport) {
  std::size_t reports = 0;
  std::size_t size = 0;
  Reader reader([&](Report report) {
    ++reports;
    size = report.text.size();
    EXPECT_TRUE(report.truncated);
  });
  reader.feed(
      "WARNING: ThreadSanitizer: data race (pid=1)\n  Write of size 4 at 0x1 by thread T1:\n");
  for (int i = 0; i < 100'000; ++i) {
    reader.feed("    #" + std::to_string(i) + " f() a.cc:1 (m+0x1)" + std::string(1'000, ' ') +
                "\n");
  }
  reader.finish();
  EXPECT_EQ(reports, 1u);
  EXPECT_LT(size, 5u << 20);
}

}  // namespace
}  // namespace lab::report
