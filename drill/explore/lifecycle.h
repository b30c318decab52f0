#pragma once

#include "drill/explore/thread.h"

namespace drill::explore {

// What every kernel thread does once: a stack of its own for signals.
void prepare_kernel_thread();
// Runs one thread of a schedule from its function to its last destructor, on its kernel thread.
void run_thread(Thread& thread);

}  // namespace drill::explore
