#pragma once

#include "drill/explore/thread.h"

// Who may leave a wait. A wake-up is meant for any one of those who wait when it is sent, and never
// for one that comes later: as POSIX has it for condition variables, and Linux for futexes but for
// the order. Which of them takes it is the scheduler's choice.
namespace drill::explore {

void begin_waiting(Object& object, int slot);
void wake_one(Object& object);
void wake_all(Object& object);
bool may_leave(const Object& object, int slot);
// A wait on a condition variable may end though nobody has notified: a spurious wake-up (POSIX,
// pthread_cond_wait). One a schedule is enough to tell who asks again from who does not, and the
// moment at which the wait begins is the one at which what is waited for is least likely.
bool may_wake_by_itself(const Thread& thread);
void wake_by_itself(Thread& thread);
bool has_woken_by_itself();
// A schedule begins.
void begin_wakeups();

// The wait is over; with a wake-up taken, if the thread was `woken`, or, where its deadline passed
// first or it woke by itself, without.
void end_waiting(Object& object, int slot, bool woken);

}  // namespace drill::explore
