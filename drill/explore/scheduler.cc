#include "drill/explore/scheduler.h"

#include <algorithm>
#include <bit>

#include "drill/explore/fairness.h"
#include "drill/explore/findings.h"
#include "drill/explore/globals.h"
#include "drill/explore/heap.h"
#include "drill/explore/idling.h"
#include "drill/explore/kernel_threads.h"
#include "drill/explore/old_values.h"
#include "drill/explore/trace.h"
#include "drill/explore/turns.h"
#include "drill/explore/usage.h"
#include "drill/explore/wakeups.h"

namespace drill::explore {

thread_local Thread* self __attribute__((tls_model("initial-exec"))) = nullptr;

namespace {

Strategy* strategy = nullptr;
Thread* whose_turn = threads.data();
std::uint32_t steps = 0;
std::uint64_t enabled_now = 0;
std::uint32_t changed_at = 0;  // The step of the last change, of an object or of the time.
std::int64_t time_ns = 0;
std::int64_t standstill_ns = kNever;  // How long nothing may happen.
bool found_older_value = false;       // Once a schedule.

std::uint64_t bit(int slot) { return std::uint64_t{1} << slot; }

// Whether the pending operation can be carried out, deadlines and rests apart.
bool can_proceed(const Thread& thread) {
  const Operation& pending = thread.pending;
  const Object* object = pending.object;
  switch (pending.kind) {
    case OpKind::kLock:
    case OpKind::kTimedLock:
    case OpKind::kReadLock:
    case OpKind::kTimedReadLock:
    case OpKind::kOnce:
      return object->owner < 0;
    case OpKind::kWriteLock:
    case OpKind::kTimedWriteLock:
      return object->owner < 0 && object->readers == 0;
    case OpKind::kJoin:
      return threads[static_cast<std::size_t>(object->owner)].state == ThreadState::kFinished;
    case OpKind::kWakeUp:
      return (may_leave(*object, thread.slot) || thread.woken_by_none) && pending.mutex->owner < 0;
    case OpKind::kFutexWakeUp:
    case OpKind::kBarrierPass:
      return may_leave(*object, thread.slot);
    case OpKind::kAcquire:
    case OpKind::kTimedAcquire:
      return object->tokens > 0;
    case OpKind::kSleep:
      return false;  // By its deadline only.
    case OpKind::kExit:
      return thread.slot != 0 ||
             std::none_of(threads.begin() + 1, threads.begin() + slots_in_use,
                          [](const Thread& other) { return other.state == ThreadState::kAlive; });
    default:
      return true;
  }
}

bool has_deadline(const Thread& thread) { return thread.pending.deadline_ns != kNever; }

bool mutex_is_free(const Thread& thread) {
  return thread.pending.kind != OpKind::kWakeUp || thread.pending.mutex->owner < 0;
}

bool may_run_awake(const Thread& thread) {
  return can_proceed(thread) || (has_deadline(thread) && mutex_is_free(thread) &&
                                 thread.pending.deadline_ns - time_ns < limits.patience_ns);
}

bool may_run(const Thread& thread) { return !is_resting(thread) && may_run_awake(thread); }

template <class Predicate>
std::uint64_t alive_where(Predicate predicate) {
  std::uint64_t mask = 0;
  for (int slot = 0; slot < slots_in_use; ++slot) {
    const Thread& thread = threads[static_cast<std::size_t>(slot)];
    if (thread.state == ThreadState::kAlive && predicate(thread)) mask |= bit(slot);
  }
  return mask;
}

// Nobody can run as things are: the nearest deadline passes, or those who look again and again do.
std::uint64_t last_resort() {
  std::int64_t nearest = kNever;
  for (int slot = 0; slot < slots_in_use; ++slot) {
    const Thread& thread = threads[static_cast<std::size_t>(slot)];
    if (thread.state == ThreadState::kAlive && mutex_is_free(thread)) {
      nearest = std::min(nearest, thread.pending.deadline_ns);
    }
  }
  if (nearest != kNever) {
    return alive_where([nearest](const Thread& thread) {
      return mutex_is_free(thread) && thread.pending.deadline_ns == nearest;
    });
  }
  return alive_where(
      [](const Thread& thread) { return is_resting(thread) && can_proceed(thread); });
}

// It could run on, but only for a deadline to pass.
bool only_pauses(const Thread& thread) { return has_deadline(thread) && !can_proceed(thread); }

// Ends the process where nothing can happen but that a deadline passes that is too far away.
void look_for_standstill(std::uint64_t enabled) {
  if (standstill_ns == kNever) return;
  std::int64_t nearest = kNever;
  for (; enabled != 0; enabled &= enabled - 1) {
    const Thread& thread = threads[static_cast<std::size_t>(std::countr_zero(enabled))];
    if (!only_pauses(thread)) return;
    nearest = std::min(nearest, thread.pending.deadline_ns);
  }
  if (nearest - time_ns > standstill_ns) conclude_standstill(nearest);
}

int by_default(const Thread& current, std::uint64_t enabled) {
  const std::uint64_t own = bit(current.slot);
  if ((enabled & own) != 0 && !only_pauses(current)) return current.slot;
  if ((enabled & ~own) == 0) return std::countr_zero(enabled);
  // Those whose turn needs no deadline to pass come first.
  const std::uint64_t willing =
      alive_where([](const Thread& thread) { return !only_pauses(thread); }) & enabled & ~own;
  return std::countr_zero(willing != 0 ? willing : enabled & ~own);
}

void let_in(Thread& thread) {
  whose_turn = &thread;
  strategy->passed(thread, false);
  thread.timed_out = has_deadline(thread) && !can_proceed(thread);
  if (thread.timed_out) pass_time(thread.pending.deadline_ns);
  record_step(thread);
  note_use(thread);
  note_run(thread);
}

// Steps without end: either all go round and wait for what nobody will change any more, or it is
// only a long way.
void conclude_endless() {
  const bool in_vain = steps - changed_at > limits.steps / 2;
  conclude(in_vain ? Outcome::kLivelock : Outcome::kTooLong, "");
}

// Chooses who runs after `current`, whose pending operation is set or who has finished.
int choose(Thread& current) {
  if (++steps > limits.steps) conclude_endless();
  Point point;
  point.enabled = alive_where(may_run);
  if (point.enabled == 0) point.enabled = last_resort();
  if (point.enabled == 0) conclude_deadlock();
  look_for_standstill(point.enabled);
  const bool alive = current.state == ThreadState::kAlive;
  if (alive && goes_on(current) && may_run(current)) {
    enabled_now = point.enabled;
    return current.slot;
  }
  if (alive) note_yield(current, point.enabled);
  point.enabled = fair(point.enabled);
  enabled_now = point.enabled;
  const bool enabled = (point.enabled & bit(current.slot)) != 0;
  if (alive && !enabled) {
    strategy->passed(current, true);
    record_blocked(current);
    if (!can_proceed(current) && !has_deadline(current)) note_blocked(current);
  }
  point.by_default = by_default(current, point.enabled);
  const bool may_wake = alive && !enabled && may_wake_by_itself(current);
  point.may_go_on = may_wake || (alive && !enabled && may_go_on(current) && may_run_awake(current));
  const bool one = (point.enabled & (point.enabled - 1)) == 0;
  if (one && !point.may_go_on) return point.by_default;
  point.step = steps;
  point.current = current.slot;
  // Who yields says that others may run: to do so is no preemption.
  point.current_stays = enabled && !only_pauses(current) && current.pending.kind != OpKind::kYield;
  point.operation = current.pending;
  point.repeats = current.idling.repeats > current.idling.look_count;
  const int chosen = strategy->choose(point);
  note_choice(point, chosen);
  if (point.may_go_on && chosen == current.slot) {
    may_wake ? wake_by_itself(current) : let_go_on(current);
  }
  return chosen;
}

}  // namespace

void begin_schedule(Strategy& chosen) {
  strategy = &chosen;
  ++sessions;
  steps = changed_at = 0;
  time_ns = 0;
  standstill_ns = kNever;
  found_older_value = false;
  begin_objects(sessions);
  begin_old_values();
  begin_heap();
  // Before globals are saved: the first thread makes the C library say that there are several, and
  // libstdc++ counts references accordingly.
  provide_kernel_thread(1);
  save_globals();
  for (int slot = 0; slot < slots_in_use; ++slot) threads[static_cast<std::size_t>(slot)].reset();
  adopt_kernel_thread(0);
  threads[0].state = ThreadState::kAlive;
  whose_turn = threads.data();
  begin_idling();
  begin_wakeups();
  begin_fairness();
  threads[0].clock.tick(0);
  begin_trace();
  begin_usage();
  self = threads.data();
}

void end_schedule() {
  before({.kind = OpKind::kExit});
  for (int slot = 1; slot < slots_in_use; ++slot) {
    const Thread& thread = threads[static_cast<std::size_t>(slot)];
    if (thread.state == ThreadState::kFinished && thread.joinable) conclude_leak(thread);
  }
  self = nullptr;
  restore_globals();
}

Thread& running() { return *whose_turn; }
std::uint32_t step() { return steps; }
std::uint64_t enabled_here() { return enabled_now; }
std::int64_t now_ns() { return time_ns; }
void stand_still_no_longer_than(std::int64_t ns) { standstill_ns = ns; }
void pass_time(std::int64_t until_ns) {
  time_ns = std::max(time_ns, until_ns);
  changed_at = steps;
}

void before(const Operation& operation) {
  Thread& me = *self;
  me.pending = operation;
  me.accesses_at_point = me.accesses;
  look(me);
  const PassThrough pass_through;
  note_standing(me);
  const int next = choose(me);
  Thread& chosen = threads[static_cast<std::size_t>(next)];
  let_in(chosen);
  if (next != me.slot) hand_over(me.slot, next);
}

bool finds_older_value(Object& object, Address pc) {
  if (found_older_value || slots_in_use == kThreadsMax) return false;
  Thread& me = *self;
  me.pending = {.kind = OpKind::kLatestValue, .object = &object, .pc = pc};
  const PassThrough pass_through;
  if (++steps > limits.steps) conclude_endless();
  Point point;
  point.step = steps;
  point.current = me.slot;
  point.enabled = bit(kLatestValue);
  point.by_default = kLatestValue;
  point.of_value = true;
  point.may_go_on = true;
  point.operation = me.pending;
  const int chosen = strategy->choose(point);
  note_choice(point, chosen);
  found_older_value = chosen == me.slot;
  if (found_older_value) me.pending.kind = OpKind::kOlderValue;
  strategy->passed(me, false);
  record_step(me);
  me.pending.kind = OpKind::kLoad;  // What it is about, should it end here.
  return found_older_value;
}

bool has_found_older_value() { return found_older_value; }

bool ready(const Thread& thread) { return !thread.timed_out; }

void changed(Object& object) {
  ++object.version;
  for (Object* other : object.overlaps) ++other->version;
  changed_at = steps;
  note_change(*self);
  published(object);
}

void published(const Object& object) {
  const PassThrough pass_through;
  strategy->modified(object);
}

void leave() {
  Thread& me = *self;
  self = nullptr;
  me.state = ThreadState::kFinished;
  changed_at = steps;
  note_change(me);
  record_end(me);
  const int next = choose(me);
  let_in(threads[static_cast<std::size_t>(next)]);
  // Comes back when a later schedule uses the thread again.
  hand_over(me.slot, next);
}

void yield_when_long(Thread& thread) {
  if (thread.accesses - thread.accesses_at_point > limits.accesses_at_once) {
    before({.kind = OpKind::kYield,
            .pc = thread.depth > 0 ? thread.stack[static_cast<std::size_t>(thread.depth - 1)] : 0});
  }
}

}  // namespace drill::explore
