#pragma once

#include "drill/explore/object.h"

// Who may leave a wait. A wake-up is meant for any one of those who wait when it is sent, and never
// for one that comes later: as POSIX has it for condition variables, and Linux for futexes but for
// the order. Which of them takes it is the scheduler's choice.
namespace drill::explore {

void begin_waiting(Object& object, int slot);
void wake_one(Object& object);
void wake_all(Object& object);
bool may_leave(const Object& object, int slot);
// The wait is over; with a wake-up taken, or, when the deadline passed first, without.
void end_waiting(Object& object, int slot, bool timed_out);

}  // namespace drill::explore
