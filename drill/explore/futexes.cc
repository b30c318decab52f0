#include <errno.h>
#include <linux/futex.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bit>

#include "drill/explore/locks.h"
#include "drill/explore/next.h"
#include "drill/explore/scheduler.h"
#include "drill/explore/virtual_time.h"
#include "drill/explore/wakeups.h"

// syscall(SYS_futex, …), in which libstdc++'s atomic waits, latches, barriers, counting semaphores
// and futures end, inlined into the program or in its library.

namespace drill::explore {
namespace {

constexpr int kCommandMask = ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME);

// A relative deadline for FUTEX_WAIT, an absolute one for FUTEX_WAIT_BITSET.
std::int64_t deadline_of(int operation, const timespec* time) {
  if (time == nullptr) return kNever;
  if ((operation & kCommandMask) == FUTEX_WAIT) return deadline_after(*time);
  return deadline_ns((operation & FUTEX_CLOCK_REALTIME) != 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC,
                     *time);
}

long fail(int error) {
  errno = error;
  return -1;
}

long futex_wait(int* address, int expected, std::int64_t deadline_ns, Address pc) {
  Thread& thread = *self;
  Object& object = atomic_at(reinterpret_cast<Address>(address), sizeof *address);
  before({.kind = OpKind::kFutexWait, .object = &object, .pc = pc});
  if (__atomic_load_n(address, __ATOMIC_SEQ_CST) != expected) return fail(EAGAIN);
  begin_waiting(object, thread.slot);
  published(object);
  before({.kind = OpKind::kFutexWakeUp, .object = &object, .pc = pc, .deadline_ns = deadline_ns});
  const bool timed_out = !ready(thread);
  end_waiting(object, thread.slot, !timed_out);
  return timed_out ? fail(ETIMEDOUT) : 0;
}

long futex_wake(int* address, int count, Address pc) {
  Object& object = atomic_at(reinterpret_cast<Address>(address), sizeof *address);
  before({.kind = OpKind::kFutexWake, .object = &object, .pc = pc});
  const auto sent = object.wakeups.size();
  const auto waiting = static_cast<std::size_t>(std::popcount(object.waiters));
  for (int i = 0; i < count && object.wakeups.size() < waiting; ++i) wake_one(object);
  if (object.wakeups.size() != sent) changed(object);
  return static_cast<long>(object.wakeups.size() - sent);
}

}  // namespace
}  // namespace drill::explore

using drill::explore::self;

extern "C" long syscall(long number, ...) noexcept {
  va_list list;
  va_start(list, number);
  long arguments[6];
  for (long& argument : arguments) argument = va_arg(list, long);
  va_end(list);
  if (self != nullptr && number == SYS_futex) {
    auto* const address = reinterpret_cast<int*>(arguments[0]);
    const auto operation = static_cast<int>(arguments[1]);
    const auto value = static_cast<int>(arguments[2]);
    switch (operation & drill::explore::kCommandMask) {
      case FUTEX_WAIT:
      case FUTEX_WAIT_BITSET:
        return drill::explore::futex_wait(
            address, value,
            drill::explore::deadline_of(operation, reinterpret_cast<timespec*>(arguments[3])),
            RACELAB_CALLER);
      case FUTEX_WAKE:
      case FUTEX_WAKE_BITSET:
        return drill::explore::futex_wake(address, value, RACELAB_CALLER);
      default:
        break;
    }
  }
  return RACELAB_NEXT(syscall)(number, arguments[0], arguments[1], arguments[2], arguments[3],
                               arguments[4], arguments[5]);
}
