#include <errno.h>
#include <semaphore.h>
#include <time.h>

#include "drill/explore/locks.h"
#include "drill/explore/next.h"
#include "drill/explore/scheduler.h"
#include "drill/explore/virtual_time.h"

// POSIX semaphores.

namespace drill::explore {
namespace {

Object& object_of(sem_t* semaphore) {
  const auto address = reinterpret_cast<Address>(semaphore);
  if (Object* known = find_object(address)) return *known;
  // Initialised before this schedule: the C library's own value is the one to start from.
  int value = 0;
  RACELAB_NEXT(sem_getvalue)(semaphore, &value);
  Object& object = object_at(address, ObjectKind::kSemaphore);
  object.tokens = static_cast<std::uint32_t>(value);
  return object;
}

int fail(int error) {
  errno = error;
  return -1;
}

int take_token(sem_t* semaphore, OpKind operation, std::int64_t deadline_ns, Address pc) {
  Thread& thread = *self;
  Object& object = object_of(semaphore);
  before({.kind = operation, .object = &object, .pc = pc, .deadline_ns = deadline_ns});
  touch(thread, object, pc);
  if (!ready(thread)) return fail(ETIMEDOUT);
  if (object.tokens == 0) return fail(EAGAIN);
  --object.tokens;
  acquire(thread, object);
  changed(object);
  return 0;
}

}  // namespace
}  // namespace drill::explore

using drill::explore::deadline_ns;
using drill::explore::kNever;
using drill::explore::OpKind;
using drill::explore::self;

extern "C" {

int sem_init(sem_t* semaphore, int shared, unsigned value) noexcept {
  if (self != nullptr) drill::explore::forget_object(reinterpret_cast<std::uintptr_t>(semaphore));
  return RACELAB_NEXT(sem_init)(semaphore, shared, value);
}

int sem_wait(sem_t* semaphore) {
  if (self == nullptr) return RACELAB_NEXT(sem_wait)(semaphore);
  return drill::explore::take_token(semaphore, OpKind::kAcquire, kNever, RACELAB_CALLER);
}

int sem_trywait(sem_t* semaphore) noexcept {
  if (self == nullptr) return RACELAB_NEXT(sem_trywait)(semaphore);
  return drill::explore::take_token(semaphore, OpKind::kTryAcquire, kNever, RACELAB_CALLER);
}

int sem_timedwait(sem_t* semaphore, const timespec* deadline) {
  if (self == nullptr) return RACELAB_NEXT(sem_timedwait)(semaphore, deadline);
  return drill::explore::take_token(semaphore, OpKind::kTimedAcquire,
                                    deadline_ns(CLOCK_REALTIME, *deadline), RACELAB_CALLER);
}

int sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* deadline) {
  if (self == nullptr) return RACELAB_NEXT(sem_clockwait)(semaphore, clock, deadline);
  return drill::explore::take_token(semaphore, OpKind::kTimedAcquire, deadline_ns(clock, *deadline),
                                    RACELAB_CALLER);
}

int sem_post(sem_t* semaphore) noexcept {
  if (self == nullptr) return RACELAB_NEXT(sem_post)(semaphore);
  drill::explore::Object& object = drill::explore::object_of(semaphore);
  drill::explore::before({.kind = OpKind::kRelease, .object = &object, .pc = RACELAB_CALLER});
  drill::explore::touch(*self, object, RACELAB_CALLER);
  ++object.tokens;
  drill::explore::release(*self, object);
  drill::explore::changed(object);
  return 0;
}

int sem_getvalue(sem_t* semaphore, int* value) noexcept {
  if (self == nullptr) return RACELAB_NEXT(sem_getvalue)(semaphore, value);
  *value = static_cast<int>(drill::explore::object_of(semaphore).tokens);
  return 0;
}

int sem_destroy(sem_t* semaphore) noexcept {
  if (self != nullptr) drill::explore::forget_object(reinterpret_cast<std::uintptr_t>(semaphore));
  return RACELAB_NEXT(sem_destroy)(semaphore);
}

}  // extern "C"
