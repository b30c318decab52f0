#include <errno.h>
#include <pthread.h>
#include <time.h>

#include <algorithm>
#include <utility>

#include "drill/explore/findings.h"
#include "drill/explore/locks.h"
#include "drill/explore/next.h"
#include "drill/explore/scheduler.h"
#include "drill/explore/virtual_time.h"
#include "drill/explore/wakeups.h"

// Condition variables and barriers.

namespace drill::explore {
namespace {

// All who wait at a time have to wait with the same mutex (condition_variable::wait; POSIX,
// pthread_cond_wait).
bool is_waited_for_with_another(const Object& condition, const Object& mutex) {
  return std::any_of(threads.begin(), threads.begin() + slots_in_use, [&](const Thread& other) {
    return other.state == ThreadState::kAlive && other.pending.kind == OpKind::kWakeUp &&
           other.pending.object == &condition && other.pending.mutex != &mutex &&
           !may_leave(condition, other.slot);
  });
}

// Gives the mutex up and begins to wait, in one step.
void begin_wait(Thread& thread, Object& condition, Object& mutex, Address pc) {
  before({.kind = OpKind::kWait, .object = &condition, .mutex = &mutex, .pc = pc});
  touch(thread, condition, pc);
  if (!give_up(thread, mutex)) {
    conclude_lock(Outcome::kMisuse, thread, mutex, OpKind::kWait, pc,
                  "a thread waits with a mutex that it does not hold");
  }
  if (is_waited_for_with_another(condition, mutex)) {
    conclude_lock(Outcome::kMisuse, thread, mutex, OpKind::kWait, pc,
                  "a thread waits with another mutex than one that waits already");
  }
  begin_waiting(condition, thread.slot);
  changed(condition);
}

int wait(pthread_cond_t* cond, pthread_mutex_t* mutex, std::int64_t deadline_ns, Address pc) {
  Thread& thread = *self;
  Object& condition = object_at(reinterpret_cast<Address>(cond), ObjectKind::kCondition);
  Object& guard = object_at(reinterpret_cast<Address>(mutex), ObjectKind::kMutex);
  const auto depth = guard.depth;
  begin_wait(thread, condition, guard, pc);
  before({.kind = OpKind::kWakeUp,
          .object = &condition,
          .mutex = &guard,
          .pc = pc,
          .deadline_ns = deadline_ns});
  const bool timed_out = !ready(thread);
  end_waiting(condition, thread.slot, !timed_out && !std::exchange(thread.woken_by_none, false));
  touch(thread, guard, pc);
  take(thread, guard, pc);
  guard.depth = depth;
  return timed_out ? ETIMEDOUT : 0;
}

void wake(pthread_cond_t* cond, OpKind kind, Address pc) {
  Object& condition = object_at(reinterpret_cast<Address>(cond), ObjectKind::kCondition);
  before({.kind = kind, .object = &condition, .pc = pc});
  touch(*self, condition, pc);
  if (condition.waiters == 0) return;
  if (kind == OpKind::kBroadcast) {
    wake_all(condition);
  } else {
    wake_one(condition);
  }
  changed(condition);
}

int pass_barrier(pthread_barrier_t* address, Address pc) {
  Thread& thread = *self;
  Object& barrier = object_at(reinterpret_cast<Address>(address), ObjectKind::kBarrier);
  before({.kind = OpKind::kArrive, .object = &barrier, .pc = pc});
  release(thread, barrier);
  begin_waiting(barrier, thread.slot);
  changed(barrier);
  // glibc keeps the count in the third word (sysdeps/nptl/internaltypes.h, struct pthread_barrier).
  const auto wanted = reinterpret_cast<const unsigned*>(address)[2];
  const bool last = ++barrier.depth == wanted;
  if (last) {
    barrier.depth = 0;
    wake_all(barrier);
  }
  before({.kind = OpKind::kBarrierPass, .object = &barrier, .pc = pc});
  end_waiting(barrier, thread.slot, true);
  acquire(thread, barrier);
  return last ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}

}  // namespace
}  // namespace drill::explore

using drill::explore::deadline_ns;
using drill::explore::OpKind;
using drill::explore::self;

// The C library has an old version of these beside the one in use.
#define RACELAB_NEXT_CONDITION(name) \
  (drill::explore::next_version<decltype(name), #name, "GLIBC_2.3.2">())

extern "C" {

int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  if (self == nullptr) return RACELAB_NEXT_CONDITION(pthread_cond_wait)(condition, mutex);
  return drill::explore::wait(condition, mutex, drill::explore::kNever, RACELAB_CALLER);
}

int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                           const timespec* deadline) {
  if (self == nullptr) {
    return RACELAB_NEXT_CONDITION(pthread_cond_timedwait)(condition, mutex, deadline);
  }
  return drill::explore::wait(condition, mutex,
                              deadline_ns(drill::explore::clock_of(*condition), *deadline),
                              RACELAB_CALLER);
}

int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                           const timespec* deadline) {
  if (self == nullptr) {
    return RACELAB_NEXT(pthread_cond_clockwait)(condition, mutex, clock, deadline);
  }
  return drill::explore::wait(condition, mutex, deadline_ns(clock, *deadline), RACELAB_CALLER);
}

int pthread_cond_signal(pthread_cond_t* condition) noexcept {
  if (self == nullptr) return RACELAB_NEXT_CONDITION(pthread_cond_signal)(condition);
  drill::explore::wake(condition, OpKind::kSignal, RACELAB_CALLER);
  return 0;
}

int pthread_cond_broadcast(pthread_cond_t* condition) noexcept {
  if (self == nullptr) return RACELAB_NEXT_CONDITION(pthread_cond_broadcast)(condition);
  drill::explore::wake(condition, OpKind::kBroadcast, RACELAB_CALLER);
  return 0;
}

int pthread_cond_init(pthread_cond_t* condition, const pthread_condattr_t* attributes) noexcept {
  if (self != nullptr) drill::explore::forget_object(reinterpret_cast<std::uintptr_t>(condition));
  return RACELAB_NEXT_CONDITION(pthread_cond_init)(condition, attributes);
}

int pthread_cond_destroy(pthread_cond_t* condition) noexcept {
  // The C library would wait for those who still wait; here they have been seen to leave.
  if (self != nullptr) {
    drill::explore::forget_object(reinterpret_cast<std::uintptr_t>(condition));
    return 0;
  }
  return RACELAB_NEXT_CONDITION(pthread_cond_destroy)(condition);
}

int pthread_barrier_init(pthread_barrier_t* barrier, const pthread_barrierattr_t* attributes,
                         unsigned count) noexcept {
  if (self != nullptr) drill::explore::forget_object(reinterpret_cast<std::uintptr_t>(barrier));
  return RACELAB_NEXT(pthread_barrier_init)(barrier, attributes, count);
}

int pthread_barrier_wait(pthread_barrier_t* barrier) noexcept {
  if (self == nullptr) return RACELAB_NEXT(pthread_barrier_wait)(barrier);
  return drill::explore::pass_barrier(barrier, RACELAB_CALLER);
}

int pthread_barrier_destroy(pthread_barrier_t* barrier) noexcept {
  if (self != nullptr) {
    drill::explore::forget_object(reinterpret_cast<std::uintptr_t>(barrier));
    return 0;
  }
  return RACELAB_NEXT(pthread_barrier_destroy)(barrier);
}

}  // extern "C"
