#include "drill/reports.h"

#include <atomic>

#include "drill/events.h"

namespace {
std::atomic<int> reports{0};

// Before every initialiser of the code under judgement, which has none of this priority.
[[gnu::constructor(101)]] void meet_the_judge() { drill::meet_judge(drill::Confine::kTests); }
}  // namespace

// ThreadSanitizer's runtime calls it for every report (sanitizer/tsan_interface.h); the runner
// then counts the running test as failed. It runs under the runtime's locks: keep it to this.
extern "C" void __tsan_on_report(void* report);
extern "C" void __tsan_on_report(void* /*report*/) {
  reports.fetch_add(1, std::memory_order_relaxed);
}

// Options that a pair runs with even when started by hand; TSAN_OPTIONS overrides them. g++ 12's
// runtime is silent on an address that it reported before, whatever lies there by now: the heap
// memory of one test's collector would hide a race of the next one's.
extern "C" const char* __tsan_default_options();
extern "C" const char* __tsan_default_options() {
  return "exitcode=66:atexit_sleep_ms=0:history_size=7:second_deadlock_stack=1"
         ":suppress_equal_addresses=0";
}

int drill::reports_seen() { return reports.load(std::memory_order_relaxed); }
