#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "drill/explore/findings.h"
#include "drill/explore/locks.h"
#include "drill/explore/next.h"
#include "drill/explore/scheduler.h"
#include "drill/explore/virtual_time.h"

// Mutexes: normal, recursive and error-checking; lock, try, timed.

namespace drill::explore {
namespace {

int kind_of(const pthread_mutex_t* mutex) { return mutex->__data.__kind & 3; }

Object& object_of(pthread_mutex_t* mutex) {
  return object_at(reinterpret_cast<Address>(mutex), ObjectKind::kMutex);
}

// Locks a mutex that the thread holds already, as POSIX has it. Nobody else can tell, so it is no
// schedule point; -1: the thread waits for itself until its deadline.
int lock_again(Thread& thread, Object& object, int kind, OpKind operation, Address pc) {
  if (kind == PTHREAD_MUTEX_RECURSIVE_NP) {
    ++object.depth;
    return 0;
  }
  if (operation == OpKind::kTryLock) {
    note_own_try(thread, object, pc);
    return EBUSY;
  }
  if (kind == PTHREAD_MUTEX_ERRORCHECK_NP) return EDEADLK;
  if (operation == OpKind::kLock) {
    conclude_lock(Outcome::kDeadlock, thread, object, operation, pc,
                  "a thread locks a mutex that it holds already");
  }
  return -1;
}

int lock(pthread_mutex_t* mutex, OpKind operation, std::int64_t deadline_ns, Address pc) {
  Thread& thread = *self;
  Object& object = object_of(mutex);
  if (object.owner == thread.slot) {
    const int result = lock_again(thread, object, kind_of(mutex), operation, pc);
    if (result >= 0) return result;
  }
  before({.kind = operation, .object = &object, .pc = pc, .deadline_ns = deadline_ns});
  touch(thread, object, pc);
  if (!ready(thread)) return ETIMEDOUT;
  if (object.owner >= 0) return EBUSY;
  take(thread, object, pc);
  return 0;
}

int unlock(pthread_mutex_t* mutex, Address pc) {
  Thread& thread = *self;
  Object& object = object_of(mutex);
  if (object.owner == thread.slot && object.depth > 1) {
    --object.depth;
    return 0;
  }
  before({.kind = OpKind::kUnlock, .object = &object, .pc = pc});
  touch(thread, object, pc);
  if (give_up(thread, object)) return 0;
  if (kind_of(mutex) != PTHREAD_MUTEX_TIMED_NP) return EPERM;
  conclude_lock(Outcome::kMisuse, thread, object, OpKind::kUnlock, pc,
                "a thread unlocks a mutex that it does not hold");
}

}  // namespace
}  // namespace drill::explore

using drill::explore::OpKind;
using drill::explore::self;

extern "C" {

int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  if (self == nullptr) return RACELAB_NEXT(pthread_mutex_lock)(mutex);
  return drill::explore::lock(mutex, OpKind::kLock, drill::explore::kNever, RACELAB_CALLER);
}

int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
  if (self == nullptr) return RACELAB_NEXT(pthread_mutex_trylock)(mutex);
  return drill::explore::lock(mutex, OpKind::kTryLock, drill::explore::kNever, RACELAB_CALLER);
}

int pthread_mutex_timedlock(pthread_mutex_t* mutex, const timespec* deadline) noexcept {
  if (self == nullptr) return RACELAB_NEXT(pthread_mutex_timedlock)(mutex, deadline);
  return drill::explore::lock(mutex, OpKind::kTimedLock,
                              drill::explore::deadline_ns(CLOCK_REALTIME, *deadline),
                              RACELAB_CALLER);
}

int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock,
                            const timespec* deadline) noexcept {
  if (self == nullptr) return RACELAB_NEXT(pthread_mutex_clocklock)(mutex, clock, deadline);
  return drill::explore::lock(mutex, OpKind::kTimedLock,
                              drill::explore::deadline_ns(clock, *deadline), RACELAB_CALLER);
}

int pthread_mutex_unlock(pthread_mutex_t* mutex) noexcept {
  if (self == nullptr) return RACELAB_NEXT(pthread_mutex_unlock)(mutex);
  return drill::explore::unlock(mutex, RACELAB_CALLER);
}

int pthread_mutex_init(pthread_mutex_t* mutex, const pthread_mutexattr_t* attributes) noexcept {
  if (self != nullptr) drill::explore::forget_object(reinterpret_cast<std::uintptr_t>(mutex));
  return RACELAB_NEXT(pthread_mutex_init)(mutex, attributes);
}

int pthread_mutex_destroy(pthread_mutex_t* mutex) noexcept {
  if (self != nullptr) drill::explore::forget_object(reinterpret_cast<std::uintptr_t>(mutex));
  return RACELAB_NEXT(pthread_mutex_destroy)(mutex);
}

}  // extern "C"
