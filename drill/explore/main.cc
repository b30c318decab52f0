// The program of a pair, or of any GoogleTest, that is explored rather than run:
//   --bound=N              preemptions, 2 by default
//   --budget-schedules=N --budget-seconds=N   a test
//   --patience-seconds=N   a longer wait times out only when nothing else can happen; 1 by default
//   --replay=TOKEN         one schedule
//   --trace=FILE           the story of the first finding, as JSON
//   --events=FILE          see drill/events.h
//   --every-schedule       without reduction, to count them
// and GoogleTest's own flags. Exits 0 when nothing was found, 1 otherwise.
#include <gtest/gtest.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "drill/engine.h"
#include "drill/explore/explore.h"
#include "drill/reports.h"
#include "drill/runner.h"

// No sanitizer's runtime is linked, so none reports.
int drill::reports_seen() { return 0; }

// What GoogleTest does when an expectation fails is none of the program's own: the linker sends the
// calls here (--wrap).
extern "C" void __real__ZNK7testing8internal12AssertHelperaSERKNS_7MessageE(
    const testing::internal::AssertHelper* helper, const testing::Message& message);
extern "C" void __wrap__ZNK7testing8internal12AssertHelperaSERKNS_7MessageE(
    const testing::internal::AssertHelper* helper, const testing::Message& message);
extern "C" void __wrap__ZNK7testing8internal12AssertHelperaSERKNS_7MessageE(
    const testing::internal::AssertHelper* helper, const testing::Message& message) {
  void* const paused = drill::explore::pause();
  __real__ZNK7testing8internal12AssertHelperaSERKNS_7MessageE(helper, message);
  drill::explore::resume(paused);
}

namespace {

// A schedule is one test from GoogleTest's start of it to its end, and ends at its first failure.
class Listener final : public testing::EmptyTestEventListener {
  void OnTestStart(const testing::TestInfo&) override { drill::explore::test_begins(); }
  void OnTestEnd(const testing::TestInfo&) override { drill::explore::test_ends(); }
  void OnTestPartResult(const testing::TestPartResult& part) override {
    if (!part.failed()) return;
    drill::explore::expectation_failed(part.file_name() ? part.file_name() : "", part.line_number(),
                                       part.message());
  }
};

// concurrently() as the explorer has it; the rounds are the explorer's own.
class Interleaved final : public drill::Engine {
 public:
  std::string_view name() const override { return "interleaved"; }
  bool runs_load_tests() const override { return false; }
  void begin_test(std::string_view) override {}
  void begin_round() override {}
  void run(drill::Functions functions) override { drill::explore::run_together(functions); }
  bool end_round(bool) override { return false; }
};

[[noreturn]] void usage(std::string_view argument) {
  std::fprintf(stderr,
               "explore: cannot take '%.*s'.\n"
               "Flags: --bound=N --budget-schedules=N --budget-seconds=N --patience-seconds=N\n"
               "--beyond=N --replay=TOKEN --trace=FILE --events=FILE --every-schedule, and "
               "GoogleTest's (--help).\n",
               static_cast<int>(argument.size()), argument.data());
  std::exit(2);
}

bool take(std::string_view argument, std::string_view flag, std::string& value) {
  if (!argument.starts_with(flag) || argument.substr(flag.size(), 1) != "=") return false;
  value = argument.substr(flag.size() + 1);
  return true;
}

template <class Number>
bool take(std::string_view argument, std::string_view flag, Number& number) {
  std::string text;
  if (!take(argument, flag, text)) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < 0) usage(argument);
  return true;
}

drill::explore::Options parse(int argc, char** argv) {
  drill::explore::Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--every-schedule") {
      options.every_schedule = true;
    } else if (!take(argument, "--bound", options.bound) &&
               !take(argument, "--budget-schedules", options.budget_schedules) &&
               !take(argument, "--budget-seconds", options.budget_seconds) &&
               !take(argument, "--beyond", options.beyond) &&
               !take(argument, "--patience-seconds", options.patience_seconds) &&
               !take(argument, "--replay", options.replay) &&
               !take(argument, "--trace", options.trace) &&
               !take(argument, "--events", options.events)) {
      usage(argument);
    }
  }
  return options;
}

// Load tests are for engines that run freely.
std::vector<std::string> tests_to_explore() {
  auto tests = drill::selected_tests();
  std::erase_if(tests, [](const std::string& test) { return drill::is_load_test(test); });
  return tests;
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  auto options = parse(argc, argv);
  options.instrumented = drill::instrumented();
  auto& listeners = testing::UnitTest::GetInstance()->listeners();
  delete listeners.Release(listeners.default_result_printer());
  listeners.Append(new Listener);  // Owned by GoogleTest from here.
  Interleaved engine;
  drill::set_engine(&engine);
  return drill::explore::explore(options, tests_to_explore(), [](const std::string& test) {
    testing::GTEST_FLAG(filter) = test;
    testing::GTEST_FLAG(repeat) = -1;
    // Failures have been told by the listener.
    [[maybe_unused]] const int failed = RUN_ALL_TESTS();
  });
}
