#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lab/report/report.h"

// The grammar of ThreadSanitizer's output, line by line, as gcc 12 and clang 14 to 19 print it
// (compiler-rt/lib/tsan/rtl/tsan_report.cpp and sanitizer_stacktrace_printer.cpp).
namespace lab::report {

enum class LineKind {
  other,  // Not a report's.
  blank,
  separator,   // "=================="
  frame,       // "    #0 main /src/a.cc:3:5 (a+0x12)"
  lost_stack,  // "    [failed to restore the stack]"
  access,      // "  Previous write of size 4 at 0x12 by thread T1 (mutexes: write M0):"
  sleep,       // "  As if synchronized via sleep:"
  location,    // "  Location is heap block of size 4 at 0x12 allocated by thread T1:"
  mutex,       // "  Mutex M0 (0x12) created at:", "  Mutex M0 is already destroyed."
  cycle,       // "  Cycle in lock order graph: M0 (0x12) => M1 (0x34) => M0"
  edge,        // "  Mutex M1 acquired here while holding mutex M0 in thread T1:"
  edge_held,   // "  Mutex M0 previously acquired by the same thread here:"
  thread,      // "  Thread T1 'name' (tid=5, running) created by main thread at:"
  stack,       // "  Signal 27 handler invoked at:", "  and:", and headings of kinds to come
  more,        // "  And 3 more similar thread leaks."
  hint,        // "    Hint: use TSAN_OPTIONS=second_deadlock_stack=1 ..."
  signal,      // "==12==The signal is caused by a READ memory access."
  aborting,    // "==12==ABORTING"
  summary,     // "SUMMARY: ThreadSanitizer: data race /src/a.cc:3:5 in main"
};

// A line taken apart. What its kind does not give is empty; views point into the line.
struct Line {
  LineKind kind = LineKind::other;
  std::string_view text;  // The line from where the report's words begin.
  std::size_t index = 0;  // frame: its number.
  std::string_view rest;  // frame, summary: what follows.
  Access access;          // access; signal: its op.
  Location location;
  Mutex mutex;
  Thread thread;
  LockEdge edge;  // edge; edge_held names the mutex in `held`.
  std::vector<Mutex> cycle;
  int count = 0;  // more.
};

Line parse_line(std::string_view text);

// "main /src/a.cc:3:5 (a+0x12) (BuildId: 34)", without the number.
Frame parse_frame(std::string_view text);

// The line that begins a report, if this is one.
struct Header {
  bool found = false;
  bool fatal = false;
  std::string_view prefix;  // What the line holds before it: of a log, of ctest -V, or noise.
  std::string_view text;
  std::string kind;
  int pid = 0;
};
Header parse_header(std::string_view line);

// True for the kinds that ThreadSanitizer's sources name.
bool is_known_kind(std::string_view kind);

}  // namespace lab::report
