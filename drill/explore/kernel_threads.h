#pragma once

#include <pthread.h>

#include <functional>

namespace drill::explore {

// The kernel threads that the threads of schedules run on: one a slot, started when a slot is first
// used and used again by every later schedule. Slot 0 is the test's own thread.

// Makes sure that `slot` has a kernel thread, which then waits to be handed the turn (turns.h).
void provide_kernel_thread(int slot);
// The calling kernel thread is the one of `slot`.
void adopt_kernel_thread(int slot);
pthread_t kernel_thread(int slot);
// The slot that runs on a kernel thread, or -1.
int slot_of(pthread_t thread);

// Runs `work` on a thread whose stack stands where that of slot 0 does in each process.
void run_on_first_stack(const std::function<void()>& work);

}  // namespace drill::explore
