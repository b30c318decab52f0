#pragma once

#include <pthread.h>

namespace drill::explore {

// The kernel threads that the threads of schedules run on: one a slot, started when a slot is first
// used and used again by every later schedule. Slot 0 is the test's own thread.

// Makes sure that `slot` has a kernel thread, which then waits to be handed the turn.
void provide_kernel_thread(int slot);
// The calling kernel thread is the one of `slot`.
void adopt_kernel_thread(int slot);
pthread_t kernel_thread(int slot);
// The slot that runs on a kernel thread, or -1.
int slot_of(pthread_t thread);

// Lets `to` run, directly, and waits until somebody hands the turn back to `from`.
void hand_over(int from, int to);
// The same for a thread that ends: `from` then waits to be used by a later schedule.
void hand_over_for_good(int to);

}  // namespace drill::explore
