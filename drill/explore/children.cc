#include "drill/explore/children.h"

#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "drill/events.h"
#include "drill/explore/crash.h"
#include "drill/explore/findings.h"
#include "drill/explore/kernel_threads.h"

namespace drill::explore {
namespace {

// A child that makes no schedule for so long hangs in something that the explorer does not know.
constexpr int kStuck_ms = 10'000;

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

}  // namespace

void share_report() {
  void* memory = mmap(nullptr, sizeof(Report), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    std::fprintf(stderr, "explore: no memory for the report\n");
    std::exit(3);
  }
  report = static_cast<Report*>(memory);
}

void in_child(const std::function<void()>& work) {
  report->outcome = Outcome::kRunning;
  report->side_count = report->step_count = report->switch_count = 0;
  report->schedules = report->orders = report->sampled = 0;
  report->exhausted = report->at_random = false;
  report->message[0] = '\0';
  report->standstill_s = 0;
  int ends[2];
  if (pipe(ends) != 0) std::exit(3);
  std::fflush(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) std::exit(3);
  if (child == 0) {
    close(ends[0]);
    // However the one who watches ends, this process does too, and its threads with it.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    run_on_first_stack([&] {
      catch_crashes();
      leave_judge();
      work();
    });
    _exit(0);
  }
  close(ends[1]);
  const int status = wait_for(child, ends[0]);
  close(ends[0]);
  if (report->outcome != Outcome::kRunning) return;
  if (status == -1) {
    report->outcome = Outcome::kTooLong;
    std::snprintf(report->message, sizeof report->message,
                  "no schedule ended for %d s: a thread blocks or computes where the explorer does "
                  "not see it",
                  kStuck_ms / 1000);
  } else if (WIFEXITED(status) || WTERMSIG(status) == SIGSYS) {
    report->outcome = Outcome::kGagged;
    std::snprintf(report->message, sizeof report->message,
                  WIFEXITED(status) ? "the process ended before the test did"
                                    : "the process asked for what tests may not (SIGSYS)");
  } else {
    report->outcome = Outcome::kCrash;
    std::snprintf(report->message, sizeof report->message, "the process died: signal %d (%s)",
                  WTERMSIG(status), strsignal(WTERMSIG(status)));
  }
}

}  // namespace drill::explore
