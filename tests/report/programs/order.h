#pragma once

#include <sched.h>

#include <atomic>

// Orders the threads of a program by a relaxed atomic, which ThreadSanitizer does not take for
// synchronisation: each program then reports the same, run after run.
inline std::atomic<int> steps{0};

inline void step() { steps.fetch_add(1, std::memory_order_relaxed); }

inline void wait_for_step(int step) {
  while (steps.load(std::memory_order_relaxed) < step) sched_yield();
}
