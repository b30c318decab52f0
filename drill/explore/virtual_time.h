#pragma once

#include <time.h>

#include <cstdint>

namespace drill::explore {

// An absolute deadline on one of the program's clocks, in nanoseconds since the schedule began.
std::int64_t deadline_ns(clockid_t clock, const timespec& deadline);
// The same for a time from now.
std::int64_t deadline_after(const timespec& duration);

}  // namespace drill::explore
