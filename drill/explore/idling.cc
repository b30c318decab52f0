#include "drill/explore/idling.h"

#include <algorithm>

#include "drill/explore/scheduler.h"

namespace drill::explore {
namespace {

constexpr int kRepeatsMax = 24;
constexpr int kYieldsMax = 4;
constexpr int kPausesMax = 2;
constexpr int kGoesOnMax = 4'200;

std::uint64_t changes = 0;
bool gone_on = false;            // Once a schedule.
std::int64_t goes_on_until = 0;  // Virtual time.

std::uint64_t changes_by_others(const Thread& thread) {
  return changes - thread.idling.own_changes;
}

bool any_look_is_stale(const Idling& idling) {
  return std::any_of(idling.looks.begin(), idling.looks.begin() + idling.look_count,
                     [](const auto& look) { return look.object->version != look.version; });
}

void look_at(Idling& idling, Address pc, Object& object) {
  if (any_look_is_stale(idling)) idling.look_count = idling.repeats = 0;
  const auto end = idling.looks.begin() + idling.look_count;
  const bool again = std::any_of(idling.looks.begin(), end, [&](const auto& look) {
    return look.pc == pc && look.object == &object;
  });
  if (again) {
    ++idling.repeats;
  } else if (idling.look_count < Idling::kLooksMax) {
    idling.looks[static_cast<std::size_t>(idling.look_count++)] = {pc, &object, object.version};
  }
  idling.rests = idling.repeats > kRepeatsMax * idling.look_count;
}

void pause(Thread& thread, int pauses_max) {
  Idling& idling = thread.idling;
  if (changes_by_others(thread) != idling.changes_seen) {
    idling.pauses = 0;
    idling.changes_seen = changes_by_others(thread);
  }
  idling.rests = ++idling.pauses > pauses_max;
}

// What may find that nothing has changed.
bool is_look(OpKind kind) {
  switch (kind) {
    case OpKind::kLoad:
    case OpKind::kReadModifyWrite:
    case OpKind::kTryLock:
    case OpKind::kTryReadLock:
    case OpKind::kTryWriteLock:
    case OpKind::kTryAcquire:
      return true;
    default:
      return false;
  }
}

}  // namespace

void look(Thread& thread) {
  const Operation& pending = thread.pending;
  Idling& idling = thread.idling;
  const bool looks = is_look(pending.kind);
  const bool yields = pending.kind == OpKind::kYield;
  const bool waits = pending.deadline_ns != kNever;
  idling.rests = false;
  if (idling.looks_left > 0) {
    if (now_ns() > goes_on_until)
      idling.looks_left = 0;
    else if (looks || yields || waits)
      --idling.looks_left;
    return;
  }
  if (looks) return look_at(idling, pending.pc, *pending.object);
  if (yields) pause(thread, kYieldsMax);
  if (waits) pause(thread, kPausesMax);
}

void note_change(Thread& thread) {
  ++changes;
  Idling& idling = thread.idling;
  ++idling.own_changes;
  idling.look_count = idling.repeats = 0;
}

bool is_resting(const Thread& thread) {
  const Idling& idling = thread.idling;
  if (!idling.rests) return false;
  if (idling.repeats > 0 && thread.pending.kind != OpKind::kYield)
    return !any_look_is_stale(idling);
  return changes_by_others(thread) == idling.changes_seen;
}

bool may_go_on(const Thread& thread) { return !gone_on && is_resting(thread); }

void let_go_on(Thread& thread) {
  gone_on = true;
  goes_on_until = now_ns() + limits.patience_ns;
  thread.idling.rests = false;
  thread.idling.looks_left = kGoesOnMax;
}

bool goes_on(const Thread& thread) { return thread.idling.looks_left > 0; }

bool has_gone_on() { return gone_on; }

void begin_idling() {
  changes = 0;
  gone_on = false;
}

}  // namespace drill::explore
