#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "lab/report/format/formats.h"
#include "lab/report/reader.h"

// Logs that the tests of this room share.
namespace lab::report {

// A race of one locked and one unlocked side.
inline const std::string kRaceLog = R"(==================
WARNING: ThreadSanitizer: data race (pid=11)
  Write of size 4 at 0x55f0 by thread T2:
    #0 bank::Account::deposit(int) /p/one side.cc:12:5 (prog+0x12)

  Previous read of size 4 at 0x55f0 by thread T1 'auditor' (mutexes: write M0):
    #0 std::vector<int, std::allocator<int>>::size() const /usr/include/c++/12/bits/stl_vector.h:1 (prog+0x1)
    #1 bank::Account::total() const /p/one side.cc:17:12 (prog+0x13)

  Thread T1 'auditor' (tid=12, running) created by main thread at:
    #0 main /src/b.cc:20:3 (prog+0x3)

SUMMARY: ThreadSanitizer: data race x.cc:10:5 in f
==================
)";

inline const std::string kInversionLog =
    R"(WARNING: ThreadSanitizer: lock-order-inversion (potential deadlock) (pid=1)
  Cycle in lock order graph: M0 (0x1) => M1 (0x2) => M0

  Mutex M1 acquired here while holding mutex M0 in thread T1:
    #0 merge(A&, B&) /p/a.cc:3:1 (p+0x1)

  Mutex M0 acquired here while holding mutex M1 in main thread:
    #0 split(A&, B&) /p/a.cc:9:1 (p+0x2)

SUMMARY: ThreadSanitizer: lock-order-inversion (potential deadlock) in pthread_mutex_lock
==================
)";

inline const std::string kCrashLog =
    "==9==ERROR: ThreadSanitizer: SEGV on unknown address 0x0 (pc 0x1)\n"
    "==9==The signal is caused by a WRITE memory access.\n    #0 f() /p/a.cc:1 (m+0x1)\n\n"
    "SUMMARY: ThreadSanitizer: SEGV a.cc:1 in f()\n==9==ABORTING\n";

// A log, read and folded.
struct Told {
  explicit Told(const std::string& log)
      : reports(read_reports(std::string_view(log))), sources({RACELAB_SOURCE_DIR}) {
    context.sources = &sources;
    context.scenarios = {"05_wrong_lock", "09_lock_order"};
    causes = find_causes(reports, context.own, sources);
  }
  std::vector<Report> reports;
  Sources sources;
  Context context;
  std::vector<Cause> causes;
};

}  // namespace lab::report
