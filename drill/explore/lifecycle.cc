#include "drill/explore/lifecycle.h"

#include <pthread.h>

#include <vector>

#include "drill/explore/crash.h"
#include "drill/explore/findings.h"
#include "drill/explore/globals.h"
#include "drill/explore/kernel_threads.h"
#include "drill/explore/next.h"
#include "drill/explore/scheduler.h"
#include "drill/explore/thread_keys.h"

// Threads of the program: created, ended, joined.

namespace drill::explore {
namespace {

struct Destructor {
  void (*function)(void*);
  void* object;
};
thread_local std::vector<Destructor>* destructors = nullptr;

void run_destructors() {
  while (destructors != nullptr && !destructors->empty()) {
    const Destructor last = destructors->back();
    destructors->pop_back();
    last.function(last.object);
  }
}

// A thread's slot follows from who created it and as which of its children, so that it is the same
// in every schedule.
int slot_of_child(const Thread& parent) {
  static std::vector<std::vector<int>> slots(kThreadsMax);
  auto& children = slots[static_cast<std::size_t>(parent.slot)];
  const auto at = static_cast<std::size_t>(parent.children);
  if (at == children.size()) {
    if (slots_in_use == kThreadsMax) {
      conclude(Outcome::kUnsupported, "the test starts more threads than the explorer can hold");
    }
    children.push_back(slots_in_use++);
  }
  return children[at];
}

}  // namespace

void Thread::reset() {
  state = ThreadState::kIdle;
  joinable = joined = timed_out = woken_by_none = false;
  children = depth = own_tries = 0;
  accesses = accesses_at_point = 0;
  pending = {};
  idling = {};
  clock.clear();
  fence_acquired.clear();
  fence_released.clear();
  held.clear();
  forget_thread_keys(*this);
}

void prepare_kernel_thread() {
  provide_signal_stack();
  destructors = new std::vector<Destructor>;
}

void run_thread(Thread& thread) {
  renew_thread_locals();
  self = &thread;
  thread.result = thread.function(thread.argument);
  run_destructors();
  run_key_destructors(thread);
  Object& ended = object_at(reinterpret_cast<Address>(&thread), ObjectKind::kThread);
  ended.released.join(thread.clock);
  leave();
}

int create_thread(pthread_t* id, const pthread_attr_t* attributes, void* (*function)(void*),
                  void* argument, Address pc) {
  Thread& parent = *self;
  int detached = PTHREAD_CREATE_JOINABLE;
  int slot = 0;
  {
    const PassThrough pass_through;
    if (attributes != nullptr) pthread_attr_getdetachstate(attributes, &detached);
    slot = slot_of_child(parent);
    provide_kernel_thread(slot);
  }
  Thread& child = threads[static_cast<std::size_t>(slot)];
  Object& object = object_at(reinterpret_cast<Address>(&child), ObjectKind::kThread);
  before({.kind = OpKind::kCreate, .object = &object, .pc = pc});
  child.reset();
  child.state = ThreadState::kAlive;
  child.joinable = detached == PTHREAD_CREATE_JOINABLE;
  child.function = function;
  child.argument = argument;
  child.pending = {.kind = OpKind::kStart, .object = &object};
  child.clock = parent.clock;
  child.clock.tick(slot);
  object.owner = static_cast<std::int16_t>(slot);
  ++parent.children;
  parent.clock.tick(parent.slot);
  changed(object);
  *id = kernel_thread(slot);
  return 0;
}

int join_thread(Thread& thread, void** result, Address pc) {
  Object& object = object_at(reinterpret_cast<Address>(&thread), ObjectKind::kThread);
  before({.kind = OpKind::kJoin, .object = &object, .pc = pc});
  self->clock.join(object.released);
  thread.joinable = false;
  changed(object);
  if (result != nullptr) *result = thread.result;
  return 0;
}

}  // namespace drill::explore

using drill::explore::self;

extern "C" {

int pthread_create(pthread_t* id, const pthread_attr_t* attributes, void* (*function)(void*),
                   void* argument) {
  if (self == nullptr) return RACELAB_NEXT(pthread_create)(id, attributes, function, argument);
  return drill::explore::create_thread(id, attributes, function, argument, RACELAB_CALLER);
}

int pthread_join(pthread_t id, void** result) {
  const int slot = self == nullptr ? -1 : drill::explore::slot_of(id);
  if (slot < 0) return RACELAB_NEXT(pthread_join)(id, result);
  return drill::explore::join_thread(drill::explore::threads[static_cast<std::size_t>(slot)],
                                     result, RACELAB_CALLER);
}

int pthread_detach(pthread_t id) {
  const int slot = self == nullptr ? -1 : drill::explore::slot_of(id);
  if (slot < 0) return RACELAB_NEXT(pthread_detach)(id);
  drill::explore::threads[static_cast<std::size_t>(slot)].joinable = false;
  return 0;
}

int __cxa_thread_atexit_impl(void (*function)(void*), void* object, void* library);
int __cxa_thread_atexit_impl(void (*function)(void*), void* object, void* library) {
  if (self == nullptr || (self->slot == 0 && !drill::explore::is_in_program(library))) {
    return RACELAB_NEXT(__cxa_thread_atexit_impl)(function, object, library);
  }
  // The first thread does not end with the schedule, and its variables are made anew.
  if (self->slot == 0) return 0;
  const drill::explore::PassThrough pass_through;
  drill::explore::destructors->push_back({function, object});
  return 0;
}

// Destructors of the program's static variables: their memory is as it was when the schedule ends,
// so none is left to be run.
int __cxa_atexit(void (*function)(void*), void* object, void* library);
int __cxa_atexit(void (*function)(void*), void* object, void* library) {
  if (self != nullptr && drill::explore::is_in_program(library)) return 0;
  return RACELAB_NEXT(__cxa_atexit)(function, object, library);
}

}  // extern "C"
