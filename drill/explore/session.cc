#include "drill/explore/session.h"

#include <chrono>
#include <cstdio>
#include <utility>

#include "drill/explore/explore.h"
#include "drill/explore/trace.h"

namespace drill::explore {
namespace {

using Clock = std::chrono::steady_clock;

Search* search_in_force = nullptr;

// Runs schedules until none is left (true) or the budget is spent.
bool run_until(Search& search, const Budget& budget, Clock::time_point deadline,
               const std::function<void()>& body) {
  search_in_force = &search;
  while (search.next()) {
    body();
    search.finish();
    ++report->schedules;
    if (report->schedules >= budget.schedules) return false;
    if (report->schedules % 64 == 0 && Clock::now() >= deadline) return false;
  }
  return true;
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
  const auto start = Clock::now();
  const auto seconds = std::chrono::seconds(budget.seconds);
  report->bound = -1;
  report->usage = {};
  report->usage.guards = -1;  // None seen yet.
  // A budget that runs out leaves half of it for chance.
  if (!run_until(*search, {budget.schedules / 2 + 1, 0}, start + seconds / 2, body)) {
    auto random = make_random(1);
    run_until(*random, budget, start + seconds, body);
  }
  report->exhausted = search->exhausted();
  conclude(Outcome::kDone, "");
}

void test_begins() {
  if (search_in_force != nullptr) begin_schedule(*search_in_force);
}

void test_ends() {
  if (self == nullptr) return;
  count_primitives();
  add_usage(report->usage);
  end_schedule();
}

void expectation_failed(const char* file, int line, const char* message) {
  char text[sizeof report->message];
  std::snprintf(text, sizeof text, "%s:%d: %s", file, line, message);
  note_standing(running());
  describe(report->sides[0], running(), 0);
  report->side_count = 1;
  conclude(Outcome::kWrongResult, text);
}

void* pause() { return std::exchange(self, nullptr); }
void resume(void* paused) { self = static_cast<Thread*>(paused); }

}  // namespace drill::explore
