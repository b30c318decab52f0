#include <pthread.h>

#include "drill/explore/locks.h"
#include "drill/explore/modules.h"
#include "drill/explore/next.h"
#include "drill/explore/scheduler.h"

// Things done once: pthread_once, in which std::call_once ends, and the guards of function-local
// statics. globals.h sees to it that the next schedule does them again.

namespace drill::explore {
namespace {

// True: the calling thread is the one to do it; it holds `object` until it has or has failed to.
// That it is done says the program's own memory: another flag may lie where one has ended.
template <class IsDone>
bool begin_once(Object& object, IsDone is_done, Address pc) {
  Thread& thread = *self;
  before({.kind = OpKind::kOnce, .object = &object, .pc = pc});
  acquire(thread, object);
  if (is_done()) return false;
  object.owner = static_cast<std::int16_t>(thread.slot);
  changed(object);
  return true;
}

void finish_once(Object& object) {
  object.owner = -1;
  release(*self, object);
  changed(object);
}

int call_once(pthread_once_t* control, void (*routine)(), Address pc) {
  Object& object = object_at(reinterpret_cast<Address>(control), ObjectKind::kOnce);
  // glibc's value for done (nptl/pthreadP.h, __PTHREAD_ONCE_DONE).
  constexpr int kDone = 2;
  if (!begin_once(object, [control] { return *control == kDone; }, pc)) return 0;
  try {
    routine();
  } catch (...) {
    finish_once(object);
    throw;
  }
  *control = kDone;
  finish_once(object);
  return 0;
}

// An atomic, since the compiler looks at the first byte before it calls.
Object& guard_of(void* guard) { return atomic_at(reinterpret_cast<Address>(guard), 1); }

// What a library does once, it does once for all schedules.
bool passes_by(const void* control) { return self == nullptr || is_in_library(control); }

}  // namespace
}  // namespace drill::explore

using drill::explore::passes_by;

extern "C" {

int pthread_once(pthread_once_t* control, void (*routine)()) {
  if (passes_by(control)) return RACELAB_NEXT(pthread_once)(control, routine);
  return drill::explore::call_once(control, routine, RACELAB_CALLER);
}

// The C++ ABI's (Itanium, section 3.3.3): the first byte is not zero once the static is there.
int __cxa_guard_acquire(void* guard);
int __cxa_guard_acquire(void* guard) {
  if (passes_by(guard)) return RACELAB_NEXT(__cxa_guard_acquire)(guard);
  const auto is_done = [guard] {
    return __atomic_load_n(static_cast<char*>(guard), __ATOMIC_SEQ_CST) != 0;
  };
  return drill::explore::begin_once(drill::explore::guard_of(guard), is_done, RACELAB_CALLER);
}

void __cxa_guard_release(void* guard);
void __cxa_guard_release(void* guard) {
  if (passes_by(guard)) return RACELAB_NEXT(__cxa_guard_release)(guard);
  __atomic_store_n(static_cast<char*>(guard), 1, __ATOMIC_SEQ_CST);
  drill::explore::finish_once(drill::explore::guard_of(guard));
}

void __cxa_guard_abort(void* guard);
void __cxa_guard_abort(void* guard) {
  if (passes_by(guard)) return RACELAB_NEXT(__cxa_guard_abort)(guard);
  drill::explore::finish_once(drill::explore::guard_of(guard));
}

}  // extern "C"
