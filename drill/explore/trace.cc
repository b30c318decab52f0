#include "drill/explore/trace.h"

#include <unistd.h>

#include <algorithm>
#include <bit>
#include <climits>
#include <cstring>
#include <utility>

#include "drill/explore/backtrace.h"
#include "drill/explore/findings.h"
#include "drill/explore/hash.h"
#include "drill/explore/modules.h"
#include "drill/explore/wakeups.h"

namespace drill::explore {
namespace {

std::uint64_t steps_hash = 0;

struct Watched {
  int slot = -1;
  std::uint32_t access = 0;
};
std::array<Watched, 2> watched;
int watched_count = 0;

bool preempts = false;    // The choice that has just been made is a preemption.
int accesses_traced = 0;  // Bounded, so that steps find room beside them.
constexpr int kAccessesMax = Report::kStepsMax / 2;

void mix(std::uint64_t value) { steps_hash = mixed(steps_hash, value); }

// Where a thread stands, as the instrumentation tells.
int copy_calls(const Thread& thread, Address pc, Address* frames, int frames_max) {
  int count = 0;
  if (pc != 0) frames[count++] = pc;
  for (int i = std::min(thread.depth, Thread::kDepthMax) - 1; i >= 0 && count < frames_max; --i) {
    frames[count++] = thread.stack[static_cast<std::size_t>(i)];
  }
  return count;
}

// The same from the unwinder in a replay, which sees more.
int copy_stack(const Thread& thread, Address pc, Address* frames, int frames_max) {
  if (!tracing || thread.standing_depth == 0) return copy_calls(thread, pc, frames, frames_max);
  const int count = std::min(thread.standing_depth, frames_max);
  std::copy_n(thread.standing.begin(), count, frames);
  return count;
}

StepRecord* next_step() {
  if (report->step_count == Report::kStepsMax) return nullptr;
  StepRecord& step = report->steps[report->step_count++];
  step = {};
  return &step;
}

void keep_step(const Thread& thread, bool blocked) {
  StepRecord* step = next_step();
  if (step == nullptr) return;
  const Operation& pending = thread.pending;
  step->slot = thread.slot;
  step->op = pending.kind;
  step->blocked = blocked;
  step->preempts = !blocked && std::exchange(preempts, false);
  step->timed_out = !blocked && thread.timed_out;
  step->woken_by_none = !blocked && thread.woken_by_none;
  const Object* object = pending.object;
  step->object_kind = object ? object->kind : ObjectKind::kNone;
  step->object = object ? object->number : 0;
  step->address = object ? object->address : 0;
  step->frame_count = copy_stack(thread, pending.pc, step->frames, StepRecord::kFramesMax);
}

// A wait that has been begun is told already; what is left is to wake up.
bool is_told(OpKind kind) {
  return kind == OpKind::kWakeUp || kind == OpKind::kFutexWakeUp || kind == OpKind::kBarrierPass ||
         kind == OpKind::kSleep || kind == OpKind::kExit;
}

}  // namespace

void begin_trace() {
  steps_hash = 0;
  report->step_count = report->switch_count = report->preemptions = 0;
  accesses_traced = 0;
  preempts = false;
}

void note_choice(const Point& point, int chosen) {
  preempts = point.current_stays && chosen != point.current;
  if (preempts || (point.may_go_on && chosen == point.current)) ++report->preemptions;
  if (chosen == point.by_default) return;
  if (report->switch_count == Report::kSwitchesMax) {
    conclude(Outcome::kUnsupported, "a schedule has more switches than fit");
  }
  report->switches[report->switch_count++] = {point.step, chosen};
}

void note_standing(Thread& thread) {
  if (!tracing) return;
  const PassThrough pass_through;
  thread.standing_depth =
      backtrace(thread.standing.data(), static_cast<int>(thread.standing.size()));
}

std::uint64_t fingerprint() { return steps_hash; }

void record_step(const Thread& thread) {
  const Operation& pending = thread.pending;
  const Object* object = pending.object;
  // Nothing in it depends on addresses: it is compared between processes.
  mix(static_cast<std::uint64_t>(thread.slot) << 16 |
      static_cast<std::uint64_t>(pending.kind) << 8 |
      static_cast<std::uint64_t>(thread.woken_by_none) << 1 |
      static_cast<std::uint64_t>(thread.timed_out));
  if (object != nullptr) {
    mix(static_cast<std::uint64_t>(object->kind) << 32 |
        static_cast<std::uint64_t>(object->number));
  }
  mix(relative_pc(pending.pc));
  if (tracing && pending.kind != OpKind::kLatestValue) keep_step(thread, false);
}

void record_blocked(const Thread& thread) {
  if (tracing && !is_told(thread.pending.kind)) keep_step(thread, true);
}

void record_end(const Thread& thread) {
  StepRecord* step = tracing ? next_step() : nullptr;
  if (step == nullptr) return;
  step->slot = thread.slot;
  step->op = OpKind::kExit;
}

void record_access(const Thread& thread, const Access& access) {
  if (++accesses_traced > kAccessesMax) return;
  StepRecord* step = next_step();
  if (step == nullptr) return;
  step->slot = thread.slot;
  step->op = access.write ? OpKind::kWrite : OpKind::kRead;
  step->frees = access.frees;
  step->address = access.address;
  step->size = static_cast<int>(std::min<std::size_t>(access.size, INT_MAX));
  step->frame_count = copy_calls(thread, access.pc, step->frames, StepRecord::kFramesMax);
}

void watch(int slot, std::uint32_t access) {
  watched[static_cast<std::size_t>(watched_count++)] = {slot, access};
}

void watch_access(Thread& thread, Address pc) {
  for (int i = 0; i < watched_count; ++i) {
    const auto& wanted = watched[static_cast<std::size_t>(i)];
    if (wanted.slot == thread.slot && wanted.access == thread.accesses) {
      SideRecord& side = report->sides[Report::kSidesMax - 1 - i];
      note_standing(thread);
      describe(side, thread, pc);
      side.access = thread.accesses;
    }
  }
}

void describe(SideRecord& side, const Thread& thread, Address pc) {
  side = {};
  side.slot = thread.slot;
  side.holder = -1;
  side.frame_count = copy_stack(thread, pc, side.frames, SideRecord::kFramesMax);
  for (const HeldLock& lock : thread.held) {
    if (side.lock_count == SideRecord::kLocksMax) break;
    side.locks[side.lock_count++] = {lock.object->kind, lock.write, lock.object->number,
                                     lock.object->address, lock.pc};
  }
}

namespace {

// Who keeps others from the object, one of them if it is held for reading; -1 if nobody does.
int holder_of(const Object& object) {
  if (object.owner >= 0 || object.readers == 0) return object.owner;
  return std::countr_zero(object.readers);
}

// Where each thread stands, and what it waits for.
void describe_waiting() {
  for (int slot = 0; slot < slots_in_use; ++slot) {
    const Thread& thread = threads[static_cast<std::size_t>(slot)];
    if (thread.state != ThreadState::kAlive || report->side_count == Report::kSidesMax) continue;
    SideRecord& side = report->sides[report->side_count++];
    const Operation& pending = thread.pending;
    describe(side, thread, pending.pc);
    side.op = pending.kind;
    const Object* object = pending.object;
    // A signalled waiter that cannot have its mutex back waits for the mutex.
    if (pending.mutex != nullptr && pending.mutex->owner >= 0 && may_leave(*object, slot)) {
      object = pending.mutex;
    }
    if (object == nullptr) continue;
    side.object = object->number;
    side.object_kind = object->kind;
    side.address = object->address;
    side.holder = holder_of(*object);
    side.holder_has_ended =
        object->kind != ObjectKind::kThread && side.holder >= 0 &&
        threads[static_cast<std::size_t>(side.holder)].state == ThreadState::kFinished;
  }
}

}  // namespace

void conclude_deadlock() {
  describe_waiting();
  conclude(Outcome::kDeadlock, "");
}

void conclude_standstill(std::int64_t deadline_ns) {
  describe_waiting();
  report->standstill_s = (deadline_ns - now_ns()) / 1'000'000'000;
  conclude(Outcome::kStandstill, "");
}

void conclude_leak(const Thread& thread) {
  describe(report->sides[report->side_count++], thread, 0);
  conclude(Outcome::kLeakedThread, "a thread was neither joined nor detached");
}

void conclude(Outcome outcome, const char* message) {
  self = nullptr;
  report->outcome = outcome;
  report->fingerprint = steps_hash;
  std::strncpy(report->message, message, sizeof report->message - 1);
  _exit(0);
}

}  // namespace drill::explore
