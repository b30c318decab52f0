#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lab/report/own.h"
#include "lab/report/report.h"

namespace lab::verdict {

// The stacks of every thread of a live process, by elfutils' eu-stack; bounded to a few seconds.
// Below each frame of the program itself stand its functions with their lines, as ThreadSanitizer
// prints frames. Empty when they cannot be had.
std::string stacks_of(int pid);

// What eu-stack -b -m prints, made so. Runs llvm-symbolizer; without it no lines are added.
std::string with_lines(const std::string& stacks);

// Such stacks to be read: each frame once, by its line where that is known, numbered in its thread.
std::string readable(std::string_view stacks);

// A thread that a test started, or its main thread, and where it stands in code of one's own.
struct Stand {
  std::string thread;  // "main thread", "thread 1"
  report::Frame at;
};

// Of stacks_of(): the innermost own frame of each thread; those that stand in none are left out.
std::vector<Stand> where_threads_stand(std::string_view stacks, const report::Own& own);

// Of such stacks: true when every thread that a test started, and its main thread unless it waits
// in the drill for the others, waits without a time limit for a lock, a condition, a semaphore, an
// atomic or another thread. Then nobody is left to end the wait: a deadlock.
bool all_blocked(std::string_view stacks);

}  // namespace lab::verdict
