// An exception ends with the last reference to it: of an exception_ptr, a handler, the result of a
// future. libstdc++ counts them inside its shared library, where nothing is instrumented, so that
// the end of an exception that two threads looked at would be reported. The linker's --wrap
// (drill_libraries_link) leads here all who give a reference up: who is not the last releases, and
// the last has acquired from all of them.

#include <cxxabi.h>
#include <sched.h>
#include <unwind.h>

#include <atomic>
#include <cstddef>
#include <cstring>
#include <exception>
#include <future>

extern "C" {
void __tsan_acquire(void* address);
void __tsan_release(void* address);
}

namespace drill {
namespace {

#define EXCEPTION_RELEASE "_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv"
#define FUTURE_RESULT_END "_ZNSt13__future_base12_Result_baseD2Ev"
#define NESTED_END "_ZNSt16nested_exceptionD2Ev"

using std::__exception_ptr::exception_ptr;
using FutureResult = std::__future_base::_Result_base;

// As the C++ ABI for Itanium and libstdc++ lay it out: the object that was thrown comes next.
struct Thrown {
  int references;
  // The library's header. Its type or, of what a handler has from an exception_ptr, the object.
  alignas(16) void* type_or_referred_to;
  void* for_the_library[4];
  int handlers, chosen_handler;
  void* for_the_handler[4];
  _Unwind_Exception unwind;
};
static_assert(sizeof(Thrown) == 128);

// One who counts at a time, so that who is the last knows. Nothing but a decrement is done in it.
std::atomic_flag counting;

thread_local bool inside = false;  // Should that destroy something after all.

template <class GiveUp>
void give_up(void* object, GiveUp library) {
  if (object == nullptr || inside) return library();
  int* references = &(static_cast<Thrown*>(object) - 1)->references;
  inside = true;
  while (counting.test_and_set(std::memory_order_acquire)) sched_yield();
  const bool is_last = *references == 1;
  if (!is_last) {
    __tsan_release(references);
    library();
  }
  counting.clear(std::memory_order_release);
  inside = false;
  if (is_last) {
    __tsan_acquire(references);
    library();
  }
}

void* object_of(const exception_ptr& pointer) {
  void* object = nullptr;
  std::memcpy(&object, &pointer, sizeof object);
  return object;
}

// What the handler that is about to end has caught; null where it is not of C++.
void* caught() {
  constexpr _Unwind_Exception_Class kOfCxx = 0x474E5543432B2B00;  // "GNUCC++"
  char* caught = nullptr;  // The thread's globals begin with its latest header.
  std::memcpy(&caught, abi::__cxa_get_globals(), sizeof caught);
  if (caught == nullptr) return nullptr;
  auto* thrown = reinterpret_cast<Thrown*>(caught - offsetof(Thrown, type_or_referred_to));
  const auto kind = thrown->unwind.exception_class - kOfCxx;
  if (kind > 1) return nullptr;
  return kind == 1 ? thrown->type_or_referred_to : thrown + 1;
}

}  // namespace

void library_release(exception_ptr*) asm("__real_" EXCEPTION_RELEASE);
void exception_release(exception_ptr* self) asm("__wrap_" EXCEPTION_RELEASE);
void exception_release(exception_ptr* self) {
  give_up(object_of(*self), [self] { library_release(self); });
}

void library_end(FutureResult*) asm("__real_" FUTURE_RESULT_END);
void result_end(FutureResult* self) asm("__wrap_" FUTURE_RESULT_END);
void result_end(FutureResult* self) {
  give_up(object_of(self->_M_error), [self] { library_end(self); });
}

void library_end(std::nested_exception*) asm("__real_" NESTED_END);
void nested_end(std::nested_exception* self) asm("__wrap_" NESTED_END);
void nested_end(std::nested_exception* self) {
  // nested_ptr() is one more reference, given up at the end of this line: that may be the last.
  give_up(object_of(self->nested_ptr()), [self] { library_end(self); });
}

void library_end_catch() asm("__real___cxa_end_catch");
void end_catch() asm("__wrap___cxa_end_catch");
void end_catch() { give_up(caught(), library_end_catch); }

}  // namespace drill
