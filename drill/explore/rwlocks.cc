#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "drill/explore/findings.h"
#include "drill/explore/locks.h"
#include "drill/explore/next.h"
#include "drill/explore/scheduler.h"
#include "drill/explore/virtual_time.h"

// Read-write locks and spin locks. Neither readers nor writers are preferred: either may win.

namespace drill::explore {
namespace {

std::uint64_t bit(const Thread& thread) { return std::uint64_t{1} << thread.slot; }

// A thread that asks for a lock in a way that it can never get, since it holds it itself. For a
// second read lock that is so where writers go first: one may have come to wait in between.
void refuse_self_wait(const Thread& thread, const Object& object, bool write, Address pc) {
  const bool holds_write = object.owner == thread.slot;
  const bool holds_read = (object.readers & bit(thread)) != 0;
  if (holds_write || holds_read) {
    conclude_lock(Outcome::kDeadlock, thread, object, OpKind::kLock, pc,
                  holds_write ? "a thread locks a lock that it holds already"
                  : write     ? "a thread locks for writing what it holds for reading"
                              : "a thread locks for reading what it holds for reading");
  }
}

int lock(void* lock, ObjectKind kind, OpKind operation, std::int64_t deadline_ns, Address pc) {
  Thread& thread = *self;
  Object& object = object_at(reinterpret_cast<Address>(lock), kind);
  const bool write = operation == OpKind::kWriteLock || operation == OpKind::kTryWriteLock ||
                     operation == OpKind::kTimedWriteLock;
  if (operation == OpKind::kReadLock || operation == OpKind::kWriteLock) {
    refuse_self_wait(thread, object, write, pc);
  } else if (object.owner == thread.slot) {
    note_own_try(thread, object, pc);
  }
  before({.kind = operation, .object = &object, .pc = pc, .deadline_ns = deadline_ns});
  touch(thread, object, pc);
  if (!ready(thread)) return ETIMEDOUT;
  if (object.owner >= 0 || (write && object.readers != 0)) return EBUSY;
  if (write) {
    take(thread, object, pc);
  } else {
    take_for_reading(thread, object, pc);
  }
  return 0;
}

int unlock(void* lock, ObjectKind kind, Address pc) {
  Thread& thread = *self;
  Object& object = object_at(reinterpret_cast<Address>(lock), kind);
  before({.kind = OpKind::kReadWriteUnlock, .object = &object, .pc = pc});
  touch(thread, object, pc);
  if (give_up(thread, object)) return 0;
  conclude_lock(Outcome::kMisuse, thread, object, OpKind::kUnlock, pc,
                "a thread unlocks a lock that it does not hold");
}

int lock_rw(pthread_rwlock_t* rwlock, OpKind operation, std::int64_t deadline_ns, Address pc) {
  return lock(rwlock, ObjectKind::kReadWriteLock, operation, deadline_ns, pc);
}

// glibc's type is volatile; the address is all that counts.
void* address_of(pthread_spinlock_t* spin) { return const_cast<int*>(spin); }

}  // namespace
}  // namespace drill::explore

using drill::explore::deadline_ns;
using drill::explore::kNever;
using drill::explore::ObjectKind;
using drill::explore::OpKind;
using drill::explore::self;

#define RACELAB_RWLOCK(name, operation)                                        \
  int pthread_rwlock_##name(pthread_rwlock_t* rwlock) noexcept {               \
    if (self == nullptr) return RACELAB_NEXT(pthread_rwlock_##name)(rwlock);   \
    return drill::explore::lock_rw(rwlock, operation, kNever, RACELAB_CALLER); \
  }
#define RACELAB_RWLOCK_TIMED(name, operation)                                                      \
  int pthread_rwlock_timed##name(pthread_rwlock_t* rwlock, const timespec* deadline) noexcept {    \
    if (self == nullptr) return RACELAB_NEXT(pthread_rwlock_timed##name)(rwlock, deadline);        \
    return drill::explore::lock_rw(rwlock, operation, deadline_ns(CLOCK_REALTIME, *deadline),      \
                                   RACELAB_CALLER);                                                \
  }                                                                                                \
  int pthread_rwlock_clock##name(pthread_rwlock_t* rwlock, clockid_t clock,                        \
                                 const timespec* deadline) noexcept {                              \
    if (self == nullptr) return RACELAB_NEXT(pthread_rwlock_clock##name)(rwlock, clock, deadline); \
    return drill::explore::lock_rw(rwlock, operation, deadline_ns(clock, *deadline),               \
                                   RACELAB_CALLER);                                                \
  }

extern "C" {

RACELAB_RWLOCK(rdlock, OpKind::kReadLock)
RACELAB_RWLOCK(tryrdlock, OpKind::kTryReadLock)
RACELAB_RWLOCK(wrlock, OpKind::kWriteLock)
RACELAB_RWLOCK(trywrlock, OpKind::kTryWriteLock)
RACELAB_RWLOCK_TIMED(rdlock, OpKind::kTimedReadLock)
RACELAB_RWLOCK_TIMED(wrlock, OpKind::kTimedWriteLock)

int pthread_rwlock_unlock(pthread_rwlock_t* rwlock) noexcept {
  if (self == nullptr) return RACELAB_NEXT(pthread_rwlock_unlock)(rwlock);
  return drill::explore::unlock(rwlock, ObjectKind::kReadWriteLock, RACELAB_CALLER);
}

int pthread_rwlock_init(pthread_rwlock_t* rwlock, const pthread_rwlockattr_t* attributes) noexcept {
  if (self != nullptr) drill::explore::forget_object(reinterpret_cast<std::uintptr_t>(rwlock));
  return RACELAB_NEXT(pthread_rwlock_init)(rwlock, attributes);
}

int pthread_rwlock_destroy(pthread_rwlock_t* rwlock) noexcept {
  if (self != nullptr) drill::explore::forget_object(reinterpret_cast<std::uintptr_t>(rwlock));
  return RACELAB_NEXT(pthread_rwlock_destroy)(rwlock);
}

int pthread_spin_init(pthread_spinlock_t* spin, int shared) noexcept {
  if (self != nullptr) {
    drill::explore::forget_object(
        reinterpret_cast<std::uintptr_t>(drill::explore::address_of(spin)));
  }
  return RACELAB_NEXT(pthread_spin_init)(spin, shared);
}

int pthread_spin_lock(pthread_spinlock_t* spin) noexcept {
  if (self == nullptr) return RACELAB_NEXT(pthread_spin_lock)(spin);
  return drill::explore::lock(drill::explore::address_of(spin), ObjectKind::kMutex,
                              OpKind::kWriteLock, kNever, RACELAB_CALLER);
}

int pthread_spin_trylock(pthread_spinlock_t* spin) noexcept {
  if (self == nullptr) return RACELAB_NEXT(pthread_spin_trylock)(spin);
  return drill::explore::lock(drill::explore::address_of(spin), ObjectKind::kMutex,
                              OpKind::kTryWriteLock, kNever, RACELAB_CALLER);
}

int pthread_spin_unlock(pthread_spinlock_t* spin) noexcept {
  if (self == nullptr) return RACELAB_NEXT(pthread_spin_unlock)(spin);
  return drill::explore::unlock(drill::explore::address_of(spin), ObjectKind::kMutex,
                                RACELAB_CALLER);
}

}  // extern "C"
