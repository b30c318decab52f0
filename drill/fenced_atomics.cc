#include <sched.h>

#include <atomic>

#include "drill/fence.h"

// The atomic operations of a program that has fences. In others each is what it was, by a jump, so
// that reports tell the same places.

namespace drill {
namespace {

__extension__ using Int128 = __int128;

// One operation at a time: who sees what another did sees what it has published, too.
std::atomic_flag at_work;
// The thread is in one already: a signal came, or the runtime reports what it found there.
thread_local bool inside = false;

// Around an operation of a program with fences; `caller` is where that stands.
class Fenced {
 public:
  Fenced(bool acquires, bool releases, void* caller) : acquires_(acquires), releases_(releases) {
    inside = true;
    __tsan_func_entry(caller);
    while (at_work.test_and_set(std::memory_order_acquire)) sched_yield();
  }
  ~Fenced() {
    if (releases_) __tsan_release(&published_by_operations);
    if (acquires_) __tsan_acquire(&published_by_fences);
    at_work.clear(std::memory_order_release);
    __tsan_func_exit();
    inside = false;
  }
  Fenced(const Fenced&) = delete;
  Fenced& operator=(const Fenced&) = delete;

 private:
  const bool acquires_;
  const bool releases_;
};

}  // namespace
}  // namespace drill

#define RACELAB_CALLER __builtin_return_address(0)

// One operation: its result, what it is called, what it does, what it takes, and what it passes on.
#define RACELAB_WRAP(result, name, acquires, releases, parameters, arguments)              \
  result __real___tsan_atomic##name parameters;                                            \
  result __wrap___tsan_atomic##name parameters;                                            \
  result __wrap___tsan_atomic##name parameters {                                           \
    if (!racelab_has_fences || drill::inside) return __real___tsan_atomic##name arguments; \
    const drill::Fenced fenced(acquires, releases, RACELAB_CALLER);                        \
    return __real___tsan_atomic##name arguments;                                           \
  }

#define RACELAB_WRAP_UPDATE(result, T, bits, name)                                    \
  RACELAB_WRAP(result, bits##_##name, drill::acquires(order), drill::releases(order), \
               (volatile T * address, T value, int order), (address, value, order))

#define RACELAB_WRAP_EXCHANGE(result, T, bits, name, Expected)                               \
  RACELAB_WRAP(result, bits##_compare_exchange_##name,                                       \
               drill::acquires(order) || drill::acquires(failure), drill::releases(order),   \
               (volatile T * address, Expected expected, T desired, int order, int failure), \
               (address, expected, desired, order, failure))

#define RACELAB_WRAP_ATOMIC(T, bits)                                     \
  RACELAB_WRAP(T, bits##_load, drill::acquires(order), false,            \
               (const volatile T* address, int order), (address, order)) \
  RACELAB_WRAP_UPDATE(void, T, bits, store)                              \
  RACELAB_WRAP_UPDATE(T, T, bits, exchange)                              \
  RACELAB_WRAP_UPDATE(T, T, bits, fetch_add)                             \
  RACELAB_WRAP_UPDATE(T, T, bits, fetch_sub)                             \
  RACELAB_WRAP_UPDATE(T, T, bits, fetch_and)                             \
  RACELAB_WRAP_UPDATE(T, T, bits, fetch_or)                              \
  RACELAB_WRAP_UPDATE(T, T, bits, fetch_xor)                             \
  RACELAB_WRAP_UPDATE(T, T, bits, fetch_nand)                            \
  RACELAB_WRAP_EXCHANGE(int, T, bits, strong, T*)                        \
  RACELAB_WRAP_EXCHANGE(int, T, bits, weak, T*)                          \
  RACELAB_WRAP_EXCHANGE(T, T, bits, val, T)

extern "C" {

[[gnu::weak]] bool racelab_has_fences = false;

RACELAB_WRAP_ATOMIC(unsigned char, 8)
RACELAB_WRAP_ATOMIC(unsigned short, 16)
RACELAB_WRAP_ATOMIC(unsigned int, 32)
RACELAB_WRAP_ATOMIC(unsigned long, 64)
RACELAB_WRAP_ATOMIC(drill::Int128, 128)

}  // extern "C"
