#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "lab/report/own.h"
#include "lab/report/report.h"
#include "lab/report/sources.h"

namespace lab::report {

// One party of a cause: who did what, seen from the innermost frame of the user's own code.
struct Side {
  // "read", "write", "free"; "close", "use" of a file descriptor; "lock" (of a lock-order
  // inversion); "destroy", "unlock", … of a mutex that is misused; "create" of a leaked thread;
  // empty when the report gives no such party.
  std::string op;
  bool atomic = false;
  std::string function;  // Whole, as the frame has it; see names.h.
  std::string file;
  int line = 0;
  int column = 0;
  std::string thread;       // "T1", "main thread"
  std::string thread_name;  // Where the program gave one.
  std::vector<HeldMutex> mutexes;
  Stack stack;
  std::size_t frame = 0;  // Of `stack`, the one shown.
  bool own = false;  // False when no frame of the stack is the user's; the best other is shown.

  bool given() const { return !op.empty(); }
};

struct Pair {
  Side first;              // Of a race, the one that wrote; of two writes, the earlier.
  Side second;             // Not given() where a report has one party.
  std::vector<Side> more;  // Of a lock-order cycle of three mutexes and more: the other edges'.
  std::size_t report = 0;
  std::string object = {};  // As Cause has it.
};

// The reports of a run that come from one missing synchronisation.
struct Cause {
  std::string kind;  // Of the report that tells most.
  std::vector<std::size_t> reports;
  Side first, second;       // Of that report.
  std::vector<Side> more;   // As in Pair.
  std::size_t shown = 0;    // That report.
  std::vector<Pair> pairs;  // One a pair of places in own code, first and second among them.
  // What raced: a member or variable where the source shows it ("*latest" where it is what a
  // pointer leads to), the global's name; otherwise empty, and describe_location() says what memory
  // it is. Of a misused mutex, its name where it is a global.
  std::string object;
  std::vector<std::string> also;  // What other reports of the cause are on, by name.
  bool fatal = false;
  // Another report of the run is of the misuse of a mutex that a side is said to hold.
  bool misused_lock = false;

  // Those given of first, second and more, in this order. Valid as long as the cause is.
  std::vector<const Side*> parties() const;
};

// Reports belong to one cause when the same two functions of own code meet in them under the same
// locks or on the same memory, when they share an object, or when one is on what the other's
// pointer leads to: see joining.h. Lock orders and misuse of mutexes are told apart by their
// places, and one call's misuse of one mutex is one. In order of first report.
std::vector<Cause> find_causes(const std::vector<Report>& reports, const Own& own);
std::vector<Cause> find_causes(const std::vector<Report>& reports, const Own& own,
                               Sources& sources);

// Whether a std::shared_ptr or std::unique_ptr is changed while it is copied or followed: what that
// leads to, races on its object and uses after the free, is its consequence.
bool is_owner_race(const Pair& pair);

// The parties of one report.
Pair find_pair(const Report& report, const Own& own, Sources& sources);

// Who did `op`, by a stack alone.
Side find_side(const std::string& op, const Stack& stack, const Own& own, Sources& sources);

// "global 'total'", "heap block of 24 bytes", "the stack of the main thread"; empty when the report
// does not say.
std::string describe_location(const Report& report);

// What both lines name and race on, as far as the source shows; empty when it does not.
std::string find_object(const Pair& pair, const Report& report, Sources& sources);
// The object, or what tells it from others where it has no name that both sides share.
std::string find_object_key(const Pair& pair, const Report& report, const std::string& object,
                            Sources& sources);

}  // namespace lab::report
