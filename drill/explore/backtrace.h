#pragma once

#include "drill/explore/object.h"

namespace drill::explore {

// The calling thread's stack without this library's own frames, innermost first: return addresses.
// Exact also through code without instrumentation, and slow: for replays.
int backtrace(Address* frames, int frames_max);

}  // namespace drill::explore
