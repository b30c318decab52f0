#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "lab/report/causes.h"
#include "lab/report/reader.h"
#include "tests/report/logs.h"

// What three compilers really print: programs/ holds the sources, data/ their output, and
// manifest.json what grep finds in its headers (programs/record.sh).
namespace lab::report {
namespace {

namespace fs = std::filesystem;

const fs::path kData = fs::path(RACELAB_SOURCE_DIR) / "tests/report/data";
const std::vector<std::string> kCompilers = {"clang-14", "clang-19", "gcc-12"};

std::string read_file(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  EXPECT_TRUE(stream) << file;
  return text.str();
}

std::vector<Report> reports_of(const std::string& compiler, const std::string& program) {
  return read_reports(read_file(kData / compiler / (program + ".txt")));
}

// The kinds of reports; fatal errors are none.
std::vector<std::string> kinds_of(const std::vector<Report>& reports) {
  std::vector<std::string> kinds;
  for (const auto& report : reports) {
    if (!report.fatal) kinds.push_back(report.kind);
  }
  return kinds;
}

using Manifest = std::map<std::string, std::vector<std::string>>;

Manifest read_manifest() {
  Manifest manifest;
  for (const auto& entry : nlohmann::json::parse(read_file(kData / "manifest.json"))) {
    manifest[entry["file"]] = entry["reports"];
  }
  return manifest;
}

// "Reports: a; b", "Error: SEGV" of a program's first comment.
std::string stated(const std::string& program, const std::string& word) {
  std::istringstream lines(
      read_file(fs::path(RACELAB_SOURCE_DIR) / "tests/report/programs" / (program + ".cc")));
  const auto key = "// " + word + ": ";
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(key)) return line.substr(key.size());
  }
  return {};
}

TEST(Data, HoldsAFileOfEachProgramForEachCompiler) {
  const auto manifest = read_manifest();
  std::size_t programs = 0;
  for (const auto& entry :
       fs::directory_iterator(fs::path(RACELAB_SOURCE_DIR) / "tests/report/programs")) {
    if (entry.path().extension() != ".cc") continue;
    ++programs;
    for (const auto& compiler : kCompilers) {
      EXPECT_TRUE(manifest.contains(compiler + "/" + entry.path().stem().string() + ".txt"))
          << entry.path();
    }
  }
  EXPECT_EQ(manifest.size(), programs * kCompilers.size());
  EXPECT_GT(programs, 40u);
}

TEST(Data, GivesTheKindsOfTheManifestInTheirOrder) {
  for (const auto& [file, kinds] : read_manifest()) {
    EXPECT_EQ(kinds_of(read_reports(read_file(kData / file))), kinds) << file;
  }
}

TEST(Data, HoldsEveryKindThatTheRuntimesName) {
  std::set<std::string> seen;
  for (const auto& [file, kinds] : read_manifest()) seen.insert(kinds.begin(), kinds.end());
  for (const auto* kind :
       {"data race", "data race on vptr (ctor/dtor vs virtual call)", "heap-use-after-free",
        "heap-use-after-free (virtual call vs free)", "thread leak", "destroy of a locked mutex",
        "double lock of a mutex", "use of an invalid mutex (e.g. uninitialized or destroyed)",
        "unlock of an unlocked mutex (or by a wrong thread)", "read lock of a write locked mutex",
        "read unlock of a write locked mutex", "signal-unsafe call inside of a signal",
        "signal handler spoils errno", "lock-order-inversion (potential deadlock)",
        "mutex held in the wrong context", "Swift access race", "race on Registry"}) {
    EXPECT_TRUE(seen.contains(kind)) << kind;
  }
}

// The same text as several processes, log collectors and terminals make of it.
TEST(Data, GivesTheSameBehindPrefixesAndWindowsLineEnds) {
  for (const auto& [file, kinds] : read_manifest()) {
    const auto text = read_file(kData / file);
    for (const std::string prefix :
         {"7: ", "web-1  | ", "2026-01-02T03:04:05.6789012Z ", "[job] "}) {
      std::string prefixed;
      std::istringstream lines(text);
      for (std::string line; std::getline(lines, line);) prefixed += prefix + line + "\r\n";
      EXPECT_EQ(kinds_of(read_reports(prefixed)), kinds) << file << prefix;
    }
  }
}

TEST(Data, GivesTheSameInUtf16) {
  for (const auto& [file, kinds] : read_manifest()) {
    std::string wide = "\xff\xfe";
    for (const char c : read_file(kData / file)) (wide += c) += '\0';
    EXPECT_EQ(kinds_of(read_reports(wide)), kinds) << file;
  }
}

TEST(Data, IsCompleteNothingOfAReportIsLost) {
  for (const auto& [file, kinds] : read_manifest()) {
    for (const auto& report : read_reports(read_file(kData / file))) {
      EXPECT_FALSE(report.truncated) << file;
      const bool holds = !report.accesses.empty() || !report.stacks.empty() ||
                         !report.edges.empty() || !report.threads.empty() || report.fatal;
      EXPECT_TRUE(holds) << file;
      EXPECT_FALSE(report.summary.empty() && !report.fatal) << file;
    }
  }
}

TEST(Data, GivesBothAccessesOfEveryRace) {
  for (const auto& [file, kinds] : read_manifest()) {
    for (const auto& report : read_reports(read_file(kData / file))) {
      if (report.kind.find("race") == std::string::npos) continue;
      ASSERT_EQ(report.accesses.size(), 2u) << file;
      EXPECT_FALSE(report.accesses[0].previous) << file;
      EXPECT_TRUE(report.accesses[1].previous) << file;
      EXPECT_FALSE(report.accesses[0].thread.empty()) << file;
      EXPECT_NE(report.accesses[0].thread, report.accesses[1].thread) << file;
      const bool lost = file.find("lost_stack") != std::string::npos;
      const bool unforeseen = file.find("unforeseen") != std::string::npos;
      for (const auto& access : report.accesses) {
        EXPECT_TRUE(!access.stack.empty() || lost || unforeseen) << file;
        EXPECT_TRUE(access.size > 0 || !access.object.empty()) << file;
      }
    }
  }
}

TEST(Data, TellsWhatTheProgramsDo) {
  for (const auto& compiler : kCompilers) {
    SCOPED_TRACE(compiler);
    const auto global = reports_of(compiler, "global")[0];
    EXPECT_EQ(global.locations[0].kind, "global");
    EXPECT_EQ(global.locations[0].name, "total");
    EXPECT_EQ(global.locations[0].size, 8u);
    ASSERT_EQ(global.accesses[1].mutexes.size(), 1u);
    EXPECT_TRUE(global.accesses[1].mutexes[0].write);
    EXPECT_EQ(global.mutexes[0].id, global.accesses[1].mutexes[0].id);
    EXPECT_FALSE(global.mutexes[0].created.empty());
    EXPECT_EQ(global.threads[0].name, "writer");
    EXPECT_EQ(global.threads[0].creator, "main thread");

    EXPECT_EQ(reports_of(compiler, "stack")[0].locations[0].kind, "stack");
    EXPECT_EQ(reports_of(compiler, "tls")[0].locations[0].kind, "tls");
    const auto fd = reports_of(compiler, "descriptor")[0].locations[0];
    EXPECT_EQ(fd.kind, "fd");
    EXPECT_FALSE(fd.stack.empty());
    const auto heap = reports_of(compiler, "vector")[0];
    ASSERT_FALSE(heap.locations.empty());
    EXPECT_EQ(heap.locations[0].kind, "heap");
    EXPECT_EQ(heap.locations[0].size, 24u);
    EXPECT_EQ(heap.locations[0].thread, "main thread");
    EXPECT_FALSE(heap.locations[0].stack.empty());

    const auto atomic = reports_of(compiler, "atomic")[0];
    EXPECT_FALSE(atomic.accesses[0].atomic);
    EXPECT_TRUE(atomic.accesses[1].atomic);
    EXPECT_EQ(atomic.accesses[0].size, 1u);
    EXPECT_EQ(atomic.accesses[1].size, 8u);

    const auto sleep = reports_of(compiler, "sleep")[0];
    EXPECT_TRUE(sleep.via_sleep);
    EXPECT_FALSE(sleep.slept.empty());

    const auto read_lock = reports_of(compiler, "read_lock")[0];
    for (const auto& access : read_lock.accesses) {
      ASSERT_EQ(access.mutexes.size(), 1u);
      EXPECT_FALSE(access.mutexes[0].write);
    }
    EXPECT_EQ(reports_of(compiler, "two_mutexes")[0].accesses[1].mutexes.size(), 2u);
    EXPECT_EQ(reports_of(compiler, "finished")[0].threads[0].state, "finished");
  }
}

TEST(Data, TellsTheOrdersOfLocks) {
  for (const auto& compiler : kCompilers) {
    SCOPED_TRACE(compiler);
    const auto two = reports_of(compiler, "lock_order")[0];
    EXPECT_EQ(two.cycle.size(), 3u);
    ASSERT_EQ(two.edges.size(), 2u);
    EXPECT_EQ(two.edges[0].acquired, two.edges[1].held);
    EXPECT_EQ(two.edges[0].thread, "T1");
    EXPECT_EQ(two.edges[1].thread, "main thread");
    const auto three = reports_of(compiler, "lock_order_of_three")[0];
    EXPECT_EQ(three.cycle.size(), 4u);
    ASSERT_EQ(three.edges.size(), 3u);
    for (const auto& edge : three.edges) {
      EXPECT_FALSE(edge.acquired_at.empty());
      EXPECT_FALSE(edge.held_at.empty());
    }
  }
}

TEST(Data, CountsThreadsThatLeaked) {
  for (const auto& compiler : kCompilers) {
    const auto leaks = reports_of(compiler, "thread_leaks");
    ASSERT_EQ(leaks.size(), 2u) << compiler;
    EXPECT_EQ(leaks[0].more, 4) << compiler;
    EXPECT_EQ(leaks[1].more, 0) << compiler;
    EXPECT_EQ(reports_of(compiler, "thread_leak")[0].threads.size(), 1u) << compiler;
  }
}

TEST(Data, NamesFatalErrors) {
  for (const auto& entry :
       fs::directory_iterator(fs::path(RACELAB_SOURCE_DIR) / "tests/report/programs")) {
    const auto program = entry.path().stem().string();
    const auto error = entry.path().extension() == ".cc" ? stated(program, "Error") : "";
    if (error.empty()) continue;
    for (const auto& compiler : kCompilers) {
      const auto reports = reports_of(compiler, program);
      ASSERT_EQ(reports.size(), 1u) << compiler << program;
      EXPECT_TRUE(reports[0].fatal) << compiler << program;
      EXPECT_EQ(reports[0].kind, error) << compiler << program;
      ASSERT_EQ(reports[0].stacks.size(), 1u) << compiler << program;
    }
  }
}

TEST(Data, KeepsTheReportsOfAllProgramsInOneLog) {
  for (const auto& compiler : kCompilers) {
    std::string all;
    std::vector<std::string> kinds;
    for (const auto& [file, some] : read_manifest()) {
      if (!file.starts_with(compiler)) continue;
      all += read_file(kData / file);
      kinds.insert(kinds.end(), some.begin(), some.end());
    }
    EXPECT_EQ(kinds_of(read_reports(all)), kinds) << compiler;
  }
}

TEST(Data, FoldsTheReportsOfOneContainerIntoOneCause) {
  for (const auto& compiler : kCompilers) {
    Told told(read_file(kData / compiler / "vector.txt"));
    EXPECT_GT(told.reports.size(), 1u) << compiler;
    ASSERT_EQ(told.causes.size(), 1u) << compiler;
    EXPECT_TRUE(told.causes[0].first.file.ends_with("vector.cc")) << compiler;
    EXPECT_TRUE(told.causes[0].second.file.ends_with("vector.cc")) << compiler;
  }
}

TEST(Data, IsExplainedAlikeForAnOldClangAndANewOne) {
  std::size_t causes = 0;
  for (const auto& [file, kinds] : read_manifest()) {
    const std::string older = "clang-14/";
    if (!file.starts_with(older)) continue;
    const auto program = file.substr(older.size());
    if (program == "held_in_wrong_context.txt") continue;  // The newer one alone knows it.
    Told old_one(read_file(kData / file));
    Told new_one(read_file(kData / "clang-19" / program));
    ASSERT_EQ(old_one.causes.size(), new_one.causes.size()) << program;
    for (std::size_t i = 0; i < old_one.causes.size(); ++i, ++causes) {
      EXPECT_EQ(old_one.causes[i].kind, new_one.causes[i].kind) << program;
      EXPECT_EQ(old_one.causes[i].object, new_one.causes[i].object) << program;
      if (program == "unsymbolised.txt") continue;  // By offsets.
      EXPECT_EQ(old_one.causes[i].first.function, new_one.causes[i].first.function) << program;
      if (program == "stack_overflow.txt") continue;  // One names the line, the other the file.
      EXPECT_EQ(old_one.causes[i].first.line, new_one.causes[i].first.line) << program;
      EXPECT_EQ(old_one.causes[i].second.line, new_one.causes[i].second.line) << program;
    }
  }
  EXPECT_GT(causes, 30u);
}

// Three variables that the same two functions use: one wait is missing, not three. gcc gives
// lambdas no name to know them by.
TEST(Data, TellsGlobalsApartWhereTheSameTwoFunctionsMeet) {
  for (const auto& compiler : kCompilers) {
    Told told(read_file(kData / compiler / "many.txt"));
    ASSERT_EQ(told.causes.size(), 3u) << compiler;
    EXPECT_NE(told.causes[0].object, told.causes[1].object) << compiler;
    EXPECT_NE(told.causes[1].object, told.causes[2].object) << compiler;
  }
}

TEST(Data, KeepsProcessesAndTheirThreadsApart) {
  for (const auto& compiler : kCompilers) {
    const auto reports = reports_of(compiler, "processes");
    ASSERT_EQ(reports.size(), 2u) << compiler;
    EXPECT_NE(reports[0].pid, reports[1].pid) << compiler;
  }
}

}  // namespace
}  // namespace lab::report
