#pragma once

#include "drill/explore/thread.h"

namespace drill::explore {

// A thread starts without values.
void forget_thread_keys(const Thread& thread);
// At a thread's end, after the destructors of its thread_locals: those that keys were made with.
void run_key_destructors(const Thread& thread);

}  // namespace drill::explore
