#include "drill/explore/locks.h"

#include <algorithm>

#include "drill/explore/heap.h"
#include "drill/explore/lock_orders.h"
#include "drill/explore/scheduler.h"
#include "drill/explore/shadow.h"
#include "drill/explore/trace.h"

namespace drill::explore {
namespace {

// A thread that only tries does not wait for the lock while it holds others.
bool tries(const Thread& thread) {
  const OpKind kind = thread.pending.kind;
  return kind == OpKind::kTryLock || kind == OpKind::kTryReadLock || kind == OpKind::kTryWriteLock;
}

void note_held(Thread& thread, Object& object, Address pc, bool write) {
  const PassThrough pass_through;
  if (!tries(thread)) note_lock_order(thread, object);
  thread.held.push_back({&object, pc, write});
}

bool holds(const Thread& thread, const Object& object) {
  return std::any_of(thread.held.begin(), thread.held.end(),
                     [&](const HeldLock& lock) { return lock.object == &object; });
}

void forget_held(Thread& thread, const Object& object) {
  const auto held = std::find_if(thread.held.rbegin(), thread.held.rend(),
                                 [&](const HeldLock& lock) { return lock.object == &object; });
  if (held != thread.held.rend()) thread.held.erase(std::next(held).base());
}

// What a reader did before it left is known to the next writer, but not to other readers.
void release_read(Thread& thread, Object& object) {
  object.released_by_readers.join(thread.clock);
  thread.clock.tick(thread.slot);
}

}  // namespace

void release(Thread& thread, Object& object) {
  object.released.join(thread.clock);
  thread.clock.tick(thread.slot);
}

void acquire(Thread& thread, const Object& object) { thread.clock.join(object.released); }

void take(Thread& thread, Object& object, Address pc) {
  object.owner = static_cast<std::int16_t>(thread.slot);
  object.depth = 1;
  acquire(thread, object);
  if (object.kind == ObjectKind::kReadWriteLock) thread.clock.join(object.released_by_readers);
  note_held(thread, object, pc, true);
  changed(object);
}

void take_for_reading(Thread& thread, Object& object, Address pc) {
  object.readers |= std::uint64_t{1} << thread.slot;
  acquire(thread, object);
  note_held(thread, object, pc, false);
  changed(object);
}

bool give_up(Thread& thread, Object& object) {
  const std::uint64_t own = std::uint64_t{1} << thread.slot;
  if (object.owner == thread.slot) {
    object.owner = -1;
    release(thread, object);
  } else if ((object.readers & own) != 0) {
    release_read(thread, object);
  } else {
    return false;
  }
  forget_held(thread, object);
  if (!holds(thread, object)) object.readers &= ~own;  // Who tried again holds it twice.
  changed(object);
  return true;
}

void touch(Thread& thread, const Object& object, Address pc) {
  if (!on_heap(object.address)) return;
  check(thread, {.address = object.address, .size = 1, .atomic = true, .pc = pc});
}

void note_own_try(Thread& thread, const Object& object, Address pc) {
  constexpr int kTriesMax = 100;
  if (++thread.own_tries < kTriesMax) return;
  conclude_lock(Outcome::kDeadlock, thread, object, OpKind::kLock, pc,
                "a thread tries over and over to lock a mutex that it holds already");
}

void conclude_lock(Outcome outcome, const Thread& thread, const Object& object, OpKind operation,
                   Address pc, const char* message) {
  SideRecord& side = report->sides[report->side_count++];
  note_standing(*self);
  describe(side, thread, pc);
  side.op = operation;
  side.object = object.number;
  side.object_kind = object.kind;
  side.address = object.address;
  const bool reads = (object.readers & std::uint64_t{1} << thread.slot) != 0;
  side.holder = static_cast<decltype(side.holder)>(reads ? thread.slot : object.owner);
  conclude(outcome, message);
}

}  // namespace drill::explore
