#include <cstring>

#include "drill/explore/next.h"
#include "drill/explore/scheduler.h"
#include "drill/explore/shadow.h"

// What the compilers call for plain accesses, function entry and exit, and memory intrinsics.
// Outside a schedule each is one test of a thread-local.

namespace drill::explore {
namespace {

inline void plain(const volatile void* address, std::size_t size, bool write, Address pc) {
  Thread* thread = self;
  if (thread == nullptr || size == 0) return;
  check(*thread,
        {.address = reinterpret_cast<Address>(address), .size = size, .write = write, .pc = pc});
  yield_when_long(*thread);
}

inline void enter(void* pc) {
  Thread* thread = self;
  if (thread == nullptr) return;
  if (thread->depth < Thread::kDepthMax) {
    thread->stack[static_cast<std::size_t>(thread->depth)] = reinterpret_cast<Address>(pc);
  }
  ++thread->depth;
}

inline void exit() {
  Thread* thread = self;
  // Functions that began before the schedule end in it.
  if (thread != nullptr && thread->depth > 0) --thread->depth;
}

}  // namespace
}  // namespace drill::explore

using drill::explore::plain;

// Each entry point is declared before it is defined: no header of the compilers declares them all.
#define RACELAB_ACCESS(name, size, write)                                            \
  void __tsan_##name(void* address);                                                 \
  void __tsan_##name(void* address) { plain(address, size, write, RACELAB_CALLER); } \
  void __tsan_##name##_pc(void* address, void* pc);                                  \
  void __tsan_##name##_pc(void* address, void* pc) {                                 \
    plain(address, size, write, reinterpret_cast<std::uintptr_t>(pc));               \
  }
#define RACELAB_ACCESSES(size)                               \
  RACELAB_ACCESS(read##size, size, false)                    \
  RACELAB_ACCESS(write##size, size, true)                    \
  RACELAB_ACCESS(unaligned_read##size, size, false)          \
  RACELAB_ACCESS(unaligned_write##size, size, true)          \
  RACELAB_ACCESS(volatile_read##size, size, false)           \
  RACELAB_ACCESS(volatile_write##size, size, true)           \
  RACELAB_ACCESS(read_write##size, size, true)               \
  RACELAB_ACCESS(unaligned_read_write##size, size, true)     \
  RACELAB_ACCESS(unaligned_volatile_read##size, size, false) \
  RACELAB_ACCESS(unaligned_volatile_write##size, size, true)

extern "C" {

RACELAB_ACCESSES(1)
RACELAB_ACCESSES(2)
RACELAB_ACCESSES(4)
RACELAB_ACCESSES(8)
RACELAB_ACCESSES(16)

#define RACELAB_RANGE(name, write)                      \
  void __tsan_##name(void* address, std::size_t size);  \
  void __tsan_##name(void* address, std::size_t size) { \
    plain(address, size, write, RACELAB_CALLER);        \
  }
RACELAB_RANGE(read_range, false)
RACELAB_RANGE(write_range, true)

void __tsan_init();
void __tsan_init() {}

void __tsan_func_entry(void* pc);
void __tsan_func_entry(void* pc) { drill::explore::enter(pc); }
void __tsan_func_exit();
void __tsan_func_exit() { drill::explore::exit(); }

void __tsan_vptr_read(void** vptr);
void __tsan_vptr_read(void** vptr) { plain(vptr, sizeof *vptr, false, RACELAB_CALLER); }
// A constructor or destructor that sets the pointer to what it is already changes nothing.
void __tsan_vptr_update(void** vptr, void* value);
void __tsan_vptr_update(void** vptr, void* value) {
  if (*vptr != value) plain(vptr, sizeof *vptr, true, RACELAB_CALLER);
}

// Named by annotations in programs, with nothing to do here.
void __tsan_ignore_thread_begin();
void __tsan_ignore_thread_begin() {}
void __tsan_ignore_thread_end();
void __tsan_ignore_thread_end() {}

void* __tsan_memcpy(void* to, const void* from, std::size_t size);
void* __tsan_memcpy(void* to, const void* from, std::size_t size) {
  plain(from, size, false, RACELAB_CALLER);
  plain(to, size, true, RACELAB_CALLER);
  return RACELAB_NEXT(memcpy)(to, from, size);
}

void* __tsan_memmove(void* to, const void* from, std::size_t size);
void* __tsan_memmove(void* to, const void* from, std::size_t size) {
  plain(from, size, false, RACELAB_CALLER);
  plain(to, size, true, RACELAB_CALLER);
  return RACELAB_NEXT(memmove)(to, from, size);
}

void* __tsan_memset(void* to, int value, std::size_t size);
void* __tsan_memset(void* to, int value, std::size_t size) {
  plain(to, size, true, RACELAB_CALLER);
  return RACELAB_NEXT(memset)(to, value, size);
}

}  // extern "C"
