#include "drill/explore/virtual_time.h"

#include <errno.h>
#include <sched.h>
#include <sys/time.h>
#include <unistd.h>

#include "drill/explore/next.h"
#include "drill/explore/scheduler.h"

// Clocks, sleeps and yields. Time in a schedule is virtual: it passes when a thread reads a clock
// (a little) and when a deadline or a sleep ends (at once), so that waiting costs nothing and every
// schedule sees the same times.

namespace drill::explore {
namespace {

constexpr std::int64_t kSecond_ns = 1'000'000'000;
constexpr std::int64_t kReading_ns = 1'000;

// What each clock of the program shows when a schedule begins. The calendar's is a fixed day, so
// that schedules can be told apart by nothing but their order: 2026-01-01.
std::int64_t beginning_ns(clockid_t clock) {
  constexpr std::int64_t kDay = 1'767'225'600;
  const bool calendar = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
  return (calendar ? kDay : 1'000) * kSecond_ns;
}

void sleep_until(std::int64_t deadline_ns, Address pc) {
  before({.kind = OpKind::kSleep, .pc = pc, .deadline_ns = deadline_ns});
}

timespec to_timespec(std::int64_t ns) { return {ns / kSecond_ns, ns % kSecond_ns}; }

timespec read_clock(clockid_t clock) {
  pass_time(now_ns() + kReading_ns);
  return to_timespec(beginning_ns(clock) + now_ns());
}

}  // namespace

std::int64_t deadline_ns(clockid_t clock, const timespec& deadline) {
  return deadline.tv_sec * kSecond_ns + deadline.tv_nsec - beginning_ns(clock);
}

std::int64_t deadline_after(const timespec& duration) {
  return now_ns() + duration.tv_sec * kSecond_ns + duration.tv_nsec;
}

clockid_t clock_of(const pthread_cond_t& condition) {
  // glibc keeps it in a bit of the count of waiters' references (nptl/pthread_cond_common.c).
  return (condition.__data.__wrefs & 2) != 0 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
}

}  // namespace drill::explore

using drill::explore::OpKind;
using drill::explore::self;

extern "C" {

int sched_yield() noexcept {
  if (self == nullptr) return RACELAB_NEXT(sched_yield)();
  drill::explore::before({.kind = OpKind::kYield, .pc = RACELAB_CALLER});
  return 0;
}

int nanosleep(const timespec* duration, timespec* remaining) {
  if (self == nullptr) return RACELAB_NEXT(nanosleep)(duration, remaining);
  drill::explore::sleep_until(drill::explore::deadline_after(*duration), RACELAB_CALLER);
  return 0;
}

int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* remaining) {
  if (self == nullptr) return RACELAB_NEXT(clock_nanosleep)(clock, flags, time, remaining);
  drill::explore::sleep_until((flags & TIMER_ABSTIME) != 0
                                  ? drill::explore::deadline_ns(clock, *time)
                                  : drill::explore::deadline_after(*time),
                              RACELAB_CALLER);
  return 0;
}

int usleep(useconds_t microseconds) {
  if (self == nullptr) return RACELAB_NEXT(usleep)(microseconds);
  drill::explore::sleep_until(drill::explore::now_ns() + std::int64_t{microseconds} * 1'000,
                              RACELAB_CALLER);
  return 0;
}

unsigned sleep(unsigned seconds) {
  if (self == nullptr) return RACELAB_NEXT(sleep)(seconds);
  drill::explore::sleep_until(drill::explore::now_ns() + std::int64_t{seconds} * 1'000'000'000,
                              RACELAB_CALLER);
  return 0;
}

int clock_gettime(clockid_t clock, timespec* time) noexcept {
  if (self == nullptr || clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID) {
    return RACELAB_NEXT(clock_gettime)(clock, time);
  }
  *time = drill::explore::read_clock(clock);
  return 0;
}

int gettimeofday(timeval* time, void* zone) noexcept {
  if (self == nullptr) return RACELAB_NEXT(gettimeofday)(time, zone);
  const timespec now = drill::explore::read_clock(CLOCK_REALTIME);
  *time = {now.tv_sec, now.tv_nsec / 1'000};
  return 0;
}

time_t time(time_t* result) noexcept {
  if (self == nullptr) return RACELAB_NEXT(time)(result);
  const time_t now = drill::explore::read_clock(CLOCK_REALTIME).tv_sec;
  if (result != nullptr) *result = now;
  return now;
}

}  // extern "C"
