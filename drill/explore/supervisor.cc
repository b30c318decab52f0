#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "drill/events.h"
#include "drill/explore/crash.h"
#include "drill/explore/explore.h"
#include "drill/explore/next.h"
#include "drill/explore/session.h"
#include "drill/explore/verdict.h"

// Each test is explored in a child process, since a deadlock or a crash cannot be undone. This
// process never runs a test itself: it forks, waits, and tells.

namespace drill::explore {
namespace {

// A child that makes no schedule for so long hangs in something that the explorer does not know.
constexpr int kStuck_ms = 10'000;

Report* share_report() {
  void* memory = mmap(nullptr, sizeof(Report), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    std::fprintf(stderr, "explore: no memory for the report\n");
    std::exit(3);
  }
  return static_cast<Report*>(memory);
}

// Waits for the child to end; kills it when it stands still. Returns how it ended, or -1 when
// killed.
int wait_for(pid_t child, int closes_at_end) {
  std::uint64_t seen = report->schedules;
  pollfd waiting{.fd = closes_at_end, .events = 0, .revents = 0};
  while (poll(&waiting, 1, kStuck_ms) == 0) {
    if (report->schedules == seen) {
      kill(child, SIGKILL);
      waitpid(child, nullptr, 0);
      return -1;
    }
    seen = report->schedules;
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

// Runs `work` in a child of its own; its findings are in `report` afterwards.
void in_child(const std::function<void()>& work) {
  report->outcome = Outcome::kRunning;
  report->side_count = report->step_count = report->switch_count = 0;
  report->schedules = 0;
  report->exhausted = false;
  report->message[0] = '\0';
  int ends[2];
  if (pipe(ends) != 0) std::exit(3);
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) std::exit(3);
  if (child == 0) {
    close(ends[0]);
    catch_crashes();
    work();
    _exit(0);
  }
  close(ends[1]);
  const int status = wait_for(child, ends[0]);
  close(ends[0]);
  if (report->outcome != Outcome::kRunning) return;
  if (status == -1) {
    report->outcome = Outcome::kLivelock;
    std::snprintf(report->message, sizeof report->message,
                  "no schedule ended for %d s: a thread blocks or computes where the explorer does "
                  "not see it",
                  kStuck_ms / 1000);
  } else {
    report->outcome = Outcome::kCrash;
    std::snprintf(report->message, sizeof report->message,
                  "the process ended before the test did (status %d)", status);
  }
}

}  // namespace

int explore(const Options& options, const std::vector<std::string>& tests,
            const RunOnce& run_once) {
  report = share_report();
  if (!options.events.empty()) open_events(options.events);
  emit("{\"event\":\"begin\",\"engine\":\"interleaved\",\"tests\":" + std::to_string(tests.size()) +
       ",\"instrumented\":" + (options.instrumented ? "true" : "false") + "}");
  int failed = 0;
  for (const auto& test : tests) {
    const auto start = std::chrono::steady_clock::now();
    in_child([&] {
      auto search = make_systematic(options.bound, !options.every_schedule);
      run_schedules(std::move(search), {options.budget_schedules, options.budget_seconds},
                    [&] { run_once(test); });
    });
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    const bool found = report->outcome != Outcome::kDone;
    failed += found;
    std::printf("[ %s ] %s (%s, %lu schedules, bound %d%s, %.3f s) %s\n",
                found ? " FAILED " : "      OK", test.c_str(), verdict_of(report->outcome),
                static_cast<unsigned long>(report->schedules), report->bound,
                report->exhausted ? ", exhausted" : "", seconds.count(), report->message);
  }
  emit("{\"event\":\"end\",\"engine\":\"interleaved\",\"tests\":" + std::to_string(tests.size()) +
       ",\"failed\":" + std::to_string(failed) + "}");
  if (tests.empty()) std::fprintf(stderr, "explore: no test ran; is the filter right?\n");
  return failed == 0 && !tests.empty() ? 0 : 1;
}

}  // namespace drill::explore
