#pragma once

#include <pthread.h>
#include <time.h>

#include <cstdint>

namespace drill::explore {

// An absolute deadline on one of the program's clocks, in nanoseconds since the schedule began.
std::int64_t deadline_ns(clockid_t clock, const timespec& deadline);
// The same for a time from now.
std::int64_t deadline_after(const timespec& duration);

// The clock that a condition variable's deadlines are told by.
clockid_t clock_of(const pthread_cond_t& condition);

}  // namespace drill::explore
