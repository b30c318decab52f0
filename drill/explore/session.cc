#include "drill/explore/session.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

#include "drill/explore/explore.h"
#include "drill/explore/trace.h"

namespace drill::explore {
namespace {

using Clock = std::chrono::steady_clock;

// What this process runs.
struct Session {
  std::unique_ptr<Search> search;
  bool at_random = false;
  bool beyond = false;  // All up to the bound have been run.
  std::uint64_t beyond_max = 0;
  // For the search in force, and for all: report->schedules and when.
  std::uint64_t schedules_max = 0, schedules_max_of_all = 0;
  Clock::time_point deadline, deadline_of_all;
};
Session session_in_force;

bool is_spent(const Session& now) {
  const std::uint64_t run = now.beyond ? report->sampled : report->schedules;
  return run >= now.schedules_max || (run % 64 == 0 && Clock::now() >= now.deadline);
}

// Prepares the next schedule. Ends the process when none is left or the budget is spent.
void next_schedule() {
  Session& now = session_in_force;
  if (!now.at_random && is_spent(now)) {
    now.at_random = report->at_random = true;
    now.search = make_sample(1);
    now.schedules_max = now.schedules_max_of_all;
    now.deadline = now.deadline_of_all;
  }
  if (is_spent(now)) conclude(Outcome::kDone, "");
  if (now.search->next()) return;
  report->exhausted = now.search->exhausted();
  if (report->exhausted && now.search->leaves_some() && now.beyond_max > 0) {
    now.beyond = now.at_random = report->at_random = true;
    now.schedules_max = now.beyond_max;
    now.deadline = now.deadline_of_all;
    now.search = make_beyond(1);
    now.search->next();
    return;
  }
  conclude(Outcome::kDone, "");
}

void count_primitives() {
  report->primitives = {objects_of(ObjectKind::kMutex),     objects_of(ObjectKind::kReadWriteLock),
                        objects_of(ObjectKind::kCondition), objects_of(ObjectKind::kAtomic),
                        objects_of(ObjectKind::kSemaphore), objects_of(ObjectKind::kOnce),
                        objects_of(ObjectKind::kThread)};
}

}  // namespace

void run_schedules(std::unique_ptr<Search> search, const Budget& budget,
                   const std::function<void()>& body) {
  report->bound = -1;
  report->usage = {};
  report->usage.guards = -1;  // None seen yet.
  report->lock_orders = {};
  const auto start = Clock::now();
  const auto seconds = std::chrono::seconds(budget.seconds);
  // A budget that runs out leaves half of it for chance.
  session_in_force = {.search = std::move(search),
                      .beyond_max = budget.beyond,
                      .schedules_max = budget.schedules / 2 + 1,
                      .schedules_max_of_all = budget.schedules,
                      .deadline = start + std::chrono::milliseconds(500) * budget.seconds,
                      .deadline_of_all = start + seconds};
  body();
  conclude(Outcome::kDone, "");
}

void test_begins() {
  if (session_in_force.search == nullptr) return;
  next_schedule();
  begin_schedule(*session_in_force.search);
}

void test_ends() {
  if (self == nullptr) return;
  count_primitives();
  add_usage(report->usage);
  add_lock_orders(report->lock_orders);
  report->longest = std::max<std::uint64_t>(report->longest, step());
  end_schedule();
  session_in_force.search->finish();
  ++(session_in_force.beyond ? report->sampled : report->schedules);
}

void expectation_failed(const char* file, int line, const char* message) {
  char text[sizeof report->message];
  if (*file == '\0') {
    std::snprintf(text, sizeof text, "%s", message);  // Of no line of the contract: what it threw.
  } else {
    std::snprintf(text, sizeof text, "%s:%d: %s", file, line, message);
  }
  note_standing(running());
  describe(report->sides[0], running(), 0);
  report->side_count = 1;
  conclude(Outcome::kWrongResult, text);
}

void* pause() { return std::exchange(self, nullptr); }
void resume(void* paused) { self = static_cast<Thread*>(paused); }

}  // namespace drill::explore
