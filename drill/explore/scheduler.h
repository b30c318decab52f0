#pragma once

#include <array>
#include <cstdint>

#include "drill/explore/operation.h"
#include "drill/explore/thread.h"

// One thread of the program under test runs at a time. Before each visible operation the running
// thread asks who runs next, and hands over when that is another.
namespace drill::explore {

// A slot that no thread has where values are chosen.
inline constexpr int kLatestValue = kThreadsMax - 1;

// A moment at which somebody is chosen.
struct Point {
  std::uint32_t step = 0;      // From 1 in each schedule.
  int current = 0;             // Slot of the thread that ran until now.
  bool current_stays = false;  // It could run on, and leaving it is a preemption.
  std::uint64_t enabled = 0;   // Bit a slot: may run now. Never empty.
  int by_default = 0;          // Who runs when nobody has a wish.
  Operation operation;         // What the current thread is about to do.
  bool repeats = false;        // The same unchanged value was read here before: nothing to try.
  // The current thread is not among the enabled, since it has come to rest or waits on a condition
  // variable; it may be let go on all the same, or wake by itself, which counts as a preemption.
  bool may_go_on = false;
  // What the current thread's load finds is chosen, not who runs: the latest value (kLatestValue,
  // enabled like a thread) or an older one (the current thread, which may go on with it).
  bool of_value = false;
};

// Decides at points; see search.h.
class Strategy {
 public:
  virtual ~Strategy() = default;
  virtual int choose(const Point& point) = 0;
  // `thread` now carries out its pending operation, or, when `blocked`, cannot yet.
  virtual void passed(const Thread& thread, bool blocked) = 0;
  // The operation that was let in last has turned out to change `object`, or to publish its
  // thread's past there.
  virtual void modified(const Object& object) = 0;
};

struct ScheduleLimits {
  std::uint32_t steps = 20'000;              // Beyond it a schedule is too long.
  std::uint32_t accesses_at_once = 200'000;  // A thread that makes as many in a row must yield.
  // A deadline further away than this only passes when nobody else can run: tests bound their waits
  // by seconds that are meant never to pass.
  std::int64_t patience_ns = 1'000'000'000;
};

inline std::array<Thread, kThreadsMax> threads;
inline ScheduleLimits limits;

// Begins a schedule with the calling thread as the only one.
void begin_schedule(Strategy& strategy);
// Runs what is left of other threads, then ends the schedule.
void end_schedule();
Thread& running();             // The thread whose turn it is.
std::uint32_t step();          // Steps so far in this schedule.
std::uint64_t enabled_here();  // Bit a slot: who could run when somebody was chosen last.
std::int64_t now_ns();         // Virtual time since the schedule began.
void pass_time(std::int64_t until_ns);
// Where all wait for a deadline that is further away than this (virtual time), the schedule has
// come to a standstill; kNever, as a schedule begins: none does.
void stand_still_no_longer_than(std::int64_t ns);
inline std::uint32_t sessions = 0;                   // Schedules so far.
inline std::uint32_t session() { return sessions; }  // Number of this schedule, from 1.

// The running thread waits here for its turn to carry out `operation`; on return it is its turn,
// and the operation can be carried out without waiting.
void before(const Operation& operation);
// Whether the running thread's load of `object` finds an older value than the latest. Only where
// one may be found.
bool finds_older_value(Object& object, Address pc);
bool has_found_older_value();
// The running thread has changed `object`: who waits by looking may look again.
void changed(Object& object);
// The running thread has left `object` as it was, but publishes its past there, or waits.
void published(const Object& object);
// True when the operation that the running thread was let in for can be carried out now; false: its
// deadline passed first.
bool ready(const Thread& thread);
// The running thread will not run again in this schedule.
void leave();
// The running thread has made very many accesses without a point: others get a chance.
void yield_when_long(Thread& thread);

}  // namespace drill::explore
