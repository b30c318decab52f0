#pragma once

#include <cstdint>

#include "drill/explore/lock_orders.h"
#include "drill/explore/scheduler.h"
#include "drill/explore/usage.h"

// What an exploring child process tells the process that started it, through memory they share.
namespace drill::explore {

enum class Outcome : std::uint8_t {
  kRunning,  // The child ended without a word.
  kDone,     // Nothing found.
  kRace,
  kUseAfterFree,
  kDeadlock,
  kMisuse,      // A mutex unlocked by a thread that does not hold it.
  kLivelock,    // Threads run without end, and nobody has changed anything for long.
  kStandstill,  // No thread can run before a deadline that is further away than a drill may take.
  kTooLong,     // Not at its end where a bound of ours is.
  kWrongResult,
  kCrash,
  kLeakedThread,
  kGagged,       // The process ended before its test, or asked for what tests may not.
  kDiverged,     // The same choices did not lead to the same steps.
  kUnsupported,  // The program goes beyond what the explorer can hold.
};

struct Switch {
  std::uint32_t step;
  std::int32_t slot;
};

struct LockRecord {
  ObjectKind kind;
  bool write;
  int number;
  Address address;
  Address pc;
};

// One access of a finding, or where a thread stands in a deadlock.
struct SideRecord {
  static constexpr int kFramesMax = 64;
  static constexpr int kLocksMax = 8;
  int slot;
  std::uint32_t access;  // Number of the access within its thread; 0: not an access.
  bool write, atomic, frees, crashes;
  std::uint8_t size;
  Address address;
  OpKind op;
  int object;  // Number of the object that it waits for.
  ObjectKind object_kind;
  int holder;  // Slot of a thread that holds that object, or -1.
  bool holder_has_ended;
  int frame_count, lock_count;
  Address frames[kFramesMax];  // Innermost first.
  LockRecord locks[kLocksMax];
};

struct StepRecord {
  static constexpr int kFramesMax = 24;
  int slot;
  OpKind op;
  bool blocked;   // It could not be carried out, and the thread waits.
  bool preempts;  // The thread that ran before could have run on.
  bool timed_out, woken_by_none, frees;
  int size;  // Of a plain access.
  ObjectKind object_kind;
  int object;
  Address address;
  int frame_count;
  Address frames[kFramesMax];
};

// What the strategies of a drill are made of, for the judge: distinct objects used.
struct Primitives {
  int mutexes, read_write_locks, conditions, atomics, semaphores, once, threads;
};

struct Report {
  static constexpr int kSidesMax = 16;
  static constexpr int kSwitchesMax = 4096;
  static constexpr int kStepsMax = 20'000;

  // Progress, for the one who watches.
  std::uint64_t schedules;
  std::uint64_t orders;  // Of them that differ in more than the order of independent operations.
  int bound;             // The bound whose schedules have all been run, -1 before.
  bool exhausted;
  std::uint64_t sampled;  // At random, beyond the bound.
  bool at_random;         // The schedule that runs was drawn.
  std::uint64_t longest;  // Steps of the longest schedule of this test, in whichever process.
  Primitives primitives;
  Usage usage;
  LockOrders lock_orders;

  Outcome outcome;
  char message[4096];
  std::int64_t standstill_s;  // How long nobody could have run; 0: for ever, or it is none.
  int side_count;
  SideRecord sides[kSidesMax];
  std::uint64_t fingerprint;  // Of the steps that led to it.
  int preemptions;
  int switch_count;
  Switch switches[kSwitchesMax];  // Against the default order, up to now.
  int step_count;
  StepRecord steps[kStepsMax];
};

// Where this process writes its findings; shared with its parent.
inline Report* report = nullptr;
// Steps are recorded, and the accesses to look at again are looked out for.
inline bool tracing = false;

// Ends the process with a finding; the report's other fields have been filled.
[[noreturn]] void conclude(Outcome outcome, const char* message);

// Fills a side with where `thread` stands now.
void describe(SideRecord& side, const Thread& thread, Address pc);

}  // namespace drill::explore
