#include "lab/report/symbols.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "lab/report/reader.h"
#include "lab/report/symbolizer_process.h"

// A function whose name and line the symboliser has to find in this very program.
extern "C" int a_function_to_be_found(int value);
__attribute__((noinline)) int a_function_to_be_found(int value) { return value + 1; }

namespace lab::report {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

const fs::path kSelf = fs::canonical("/proc/self/exe");

std::uint64_t offset_of_the_function() {
  Dl_info info{};
  auto* address = reinterpret_cast<void*>(&a_function_to_be_found);
  EXPECT_NE(dladdr(address, &info), 0);
  return reinterpret_cast<std::uint64_t>(address) - reinterpret_cast<std::uint64_t>(info.dli_fbase);
}

std::vector<Report> nameless(const std::string& module, const std::string& build_id) {
  Frame frame;
  frame.module = module;
  frame.offset = offset_of_the_function();
  frame.build_id = build_id;
  Report report;
  report.kind = "data race";
  report.accesses.resize(2);
  report.accesses[0].stack = {frame};
  return {report};
}

TEST(Symbols, NameFramesThatHoldAnOffsetAlone) {
  auto reports = nameless(kSelf.filename(), read_build_id(kSelf));
  const auto result = symbolize(reports, {.folders = {kSelf.parent_path()}});
  EXPECT_EQ(result.frames, 1u);
  ASSERT_EQ(result.notes.size(), 1u);
  ASSERT_EQ(reports[0].accesses[0].stack.size(), 1u);
  const auto& frame = reports[0].accesses[0].stack[0];
  EXPECT_EQ(frame.function, "a_function_to_be_found");
  EXPECT_TRUE(frame.file.ends_with("symbols_test.cc")) << frame.file;
  EXPECT_GT(frame.line, 0);
  EXPECT_EQ(frame.offset, offset_of_the_function());
}

TEST(Symbols, FindTheProgramWhereTheSummarySays) {
  auto reports = nameless(kSelf.filename(), "");
  reports[0].summary = "data race (" + kSelf.string() + "+0x12) in main";
  EXPECT_EQ(symbolize(reports, {}).frames, 1u);
}

TEST(Symbols, AreNotTakenFromAnotherBuild) {
  ASSERT_FALSE(read_build_id(kSelf).empty());
  auto reports = nameless(kSelf.filename(), "0123456789abcdef");
  const auto result = symbolize(reports, {.folders = {kSelf.parent_path()}});
  EXPECT_EQ(result.frames, 0u);
  EXPECT_TRUE(reports[0].accesses[0].stack[0].function.empty());
  ASSERT_EQ(result.notes.size(), 1u);
  EXPECT_NE(result.notes[0].find("not the build that ran"), std::string::npos);
}

TEST(Symbols, LeaveFramesAloneWhoseProgramIsNotThere) {
  auto reports = nameless("no-such-program", "");
  EXPECT_EQ(symbolize(reports, {.folders = {kSelf.parent_path()}}).frames, 0u);
  EXPECT_EQ(reports[0].accesses[0].stack[0].module, "no-such-program");
}

TEST(Symbols, SurviveAModuleThatIsNoProgram) {
  auto reports = nameless("CMakeLists.txt", "");
  const auto result = symbolize(reports, {.folders = {RACELAB_SOURCE_DIR}});
  EXPECT_EQ(result.frames, 0u);
  EXPECT_TRUE(read_build_id(fs::path(RACELAB_SOURCE_DIR) / "CMakeLists.txt").empty());
}

TEST(Symbols, EndAtTheirDeadline) {
  const auto begin = steady_clock::now();
  EXPECT_FALSE(output_of({"/bin/sleep", "60"}, begin + std::chrono::milliseconds(50)));
  EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds(30));
  EXPECT_FALSE(output_of({"/no/such/program"}, begin + std::chrono::seconds(60)));
  EXPECT_EQ(output_of({"/bin/echo", "told"}, steady_clock::now() + std::chrono::seconds(60)),
            "told\n");
}

TEST(Symbols, KnowWhoCompiledAProgram) {
#ifdef __clang__
  EXPECT_TRUE(compiled_by_clang("/proc/self/exe"));
#else
  EXPECT_FALSE(compiled_by_clang("/proc/self/exe"));
#endif
  EXPECT_FALSE(compiled_by_clang(__FILE__));
  EXPECT_FALSE(compiled_by_clang("/nowhere"));
}

}  // namespace
}  // namespace lab::report
