#include "drill/runner.h"

#include <alloca.h>
#include <fnmatch.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <vector>

#include "drill/events.h"
#include "drill/reports.h"

namespace drill {
namespace {

constexpr unsigned kProcessSecondsMax = 300;

// Replaces GoogleTest's printer: a body runs many times, and one line a test is enough.
class Listener final : public testing::EmptyTestEventListener {
 public:
  std::string test;
  bool failed = false;

 private:
  // Called under GoogleTest's own mutex, from whichever thread failed: asking GoogleTest for the
  // running test here would lock that mutex twice.
  void OnTestPartResult(const testing::TestPartResult& part) override {
    if (!part.failed()) return;
    failed = true;
    if (++failures_ > kFailuresMax) return;
    const char* file = part.file_name() ? part.file_name() : "";
    std::fprintf(stderr, "%s:%d: Failure in %s\n%s\n", file, part.line_number(), test.c_str(),
                 part.message());
    emit("{\"event\":\"failure\",\"test\":" + json_string(test) + ",\"file\":" + json_string(file) +
         ",\"line\":" + std::to_string(part.line_number()) +
         ",\"message\":" + json_string(part.message()) + "}");
  }

  static constexpr int kFailuresMax = 100;
  int failures_ = 0;
};

// GoogleTest's filter: patterns joined by ':', then '-' and patterns to leave out. Asked here since
// each test is run by a filter of its own.
bool selected(const std::string& test, const std::string& filter) {
  const auto matches = [&test](std::string_view patterns) {
    while (!patterns.empty()) {
      const auto end = std::min(patterns.find(':'), patterns.size());
      if (fnmatch(std::string(patterns.substr(0, end)).c_str(), test.c_str(), 0) == 0) return true;
      patterns.remove_prefix(std::min(end + 1, patterns.size()));
    }
    return false;
  };
  const auto dash = filter.find('-');
  const auto wanted = std::string_view(filter).substr(0, dash);
  return (wanted.empty() || matches(wanted)) &&
         (dash == std::string::npos || !matches(std::string_view(filter).substr(dash + 1)));
}

struct Totals {
  int tests = 0;
  int failed = 0;
};

// ThreadSanitizer marks an address on which it reported a race and is silent about it from then on.
// A collector is a local variable of its test: the next test's would lie on the same addresses, and
// its race would be missed. So every round that comes after a report gets stack that no reported
// one has used. (Heap memory needs no such care: malloc clears the mark.)
class FreshStack {
 public:
  // Runs the tests that the filter selects; 0 when all passed.
  int run_all_tests(int reports) {
    if (reports > reports_) {
      reports_ = reports;
      offset_ = (offset_ + kStep) % limit();
    }
    return run_below(offset_);
  }

 private:
  static constexpr std::size_t kStep = std::size_t{64} << 10;  // Bytes; more than a test's frames.

  // Half of the stack at most, however many reports there are; then from the start again.
  static std::size_t limit() {
    rlimit stack{};
    constexpr std::size_t kMost = std::size_t{4} << 20;
    if (getrlimit(RLIMIT_STACK, &stack) != 0) return kStep;
    return std::clamp<std::size_t>(stack.rlim_cur / 2, kStep, kMost);
  }

  [[gnu::noinline]] static int run_below(std::size_t bytes) {
    auto* const unused = static_cast<volatile char*>(alloca(bytes + 1));
    unused[0] = 0;  // Keeps the allocation.
    return RUN_ALL_TESTS();
  }

  int reports_ = 0;
  std::size_t offset_ = 0;
};

Totals run_engine(Engine& engine, Listener& listener, const std::vector<std::string>& tests) {
  std::vector<std::string> mine;
  for (const auto& test : tests) {
    if (engine.runs_load_tests() || !is_load_test(test)) mine.push_back(test);
  }
  const std::string engine_name(engine.name());
  emit("{\"event\":\"begin\",\"engine\":" + json_string(engine_name) +
       ",\"tests\":" + std::to_string(mine.size()) +
       ",\"instrumented\":" + (instrumented() ? "true" : "false") + "}");
  set_engine(&engine);
  Totals totals;
  FreshStack stack;
  for (const auto& test : mine) {
    testing::GTEST_FLAG(filter) = test;
    set_running_test(test);
    listener.test = test;
    const int reports_before = reports_seen();
    int rounds = 0;
    bool failed = false;
    // Flushed before the test runs: a reader of the log gives the reports that follow to it.
    std::printf("[ RUN      ] %s\n", test.c_str());
    std::fflush(stdout);
    engine.begin_test(test);
    bool again = true;
    while (again) {
      listener.failed = false;
      const int reports_of_round = reports_seen();
      engine.begin_round();
      const bool passed = stack.run_all_tests(reports_of_round) == 0;
      ++rounds;
      const bool round_failed = !passed || listener.failed || reports_seen() > reports_of_round;
      failed = failed || round_failed;
      again = engine.end_round(round_failed);
    }
    const int reports = reports_seen() - reports_before;
    failed = failed || reports > 0;
    ++totals.tests;
    totals.failed += failed;
    std::printf("[ %s ] %s (%s, %d round%s%s)\n", failed ? " FAILED " : "      OK", test.c_str(),
                engine_name.c_str(), rounds, rounds == 1 ? "" : "s",
                reports > 0 ? ", reported by ThreadSanitizer" : "");
    std::fflush(stdout);
    emit("{\"event\":\"test\",\"name\":" + json_string(test) +
         ",\"rounds\":" + std::to_string(rounds) + ",\"failed\":" + (failed ? "true" : "false") +
         ",\"reports\":" + std::to_string(reports) + "}");
  }
  emit("{\"event\":\"end\",\"engine\":" + json_string(engine_name) + ",\"tests\":" +
       std::to_string(totals.tests) + ",\"failed\":" + std::to_string(totals.failed) + "}");
  return totals;
}

int conclude(const Totals& totals) {
  if (totals.tests == 0) {
    std::fprintf(stderr, "drill: no test ran; is the filter right?\n");
    return 1;
  }
  std::printf("%d passed, %d failed\n", totals.tests - totals.failed, totals.failed);
  return totals.failed == 0 ? 0 : 1;
}

Listener& install_listener() {
  auto& listeners = testing::UnitTest::GetInstance()->listeners();
  delete listeners.Release(listeners.default_result_printer());
  auto* listener = new Listener;  // Owned by GoogleTest from here.
  listeners.Append(listener);
  return *listener;
}

}  // namespace

std::vector<std::string> selected_tests() {
  std::vector<std::string> names;
  const std::string filter = testing::GTEST_FLAG(filter);
  const auto& unit = *testing::UnitTest::GetInstance();
  for (int s = 0; s < unit.total_test_suite_count(); ++s) {
    const auto& suite = *unit.GetTestSuite(s);
    for (int t = 0; t < suite.total_test_count(); ++t) {
      const auto name = std::string(suite.name()) + "." + suite.GetTestInfo(t)->name();
      if (selected(name, filter)) names.push_back(name);
    }
  }
  return names;
}

int run_tests(const Run& run) {
  // The last bound of all: a race can break the very runtime that would tell of it. No handler: the
  // signal ends the process.
  alarm(kProcessSecondsMax);
  if (!run.events.empty()) open_events(run.events);
  std::vector<std::unique_ptr<Engine>> engines;
  if (run.engine != "at_once") engines.push_back(make_in_turn(run.limits));
  if (run.engine != "in_turn") engines.push_back(make_at_once(run.limits));
  auto& listener = install_listener();
  const auto tests = selected_tests();
  Totals totals;
  for (auto& engine : engines) {
    const auto part = run_engine(*engine, listener, tests);
    totals.tests += part.tests;
    totals.failed += part.failed;
  }
  return conclude(totals);
}

}  // namespace drill
