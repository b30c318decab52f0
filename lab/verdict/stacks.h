#pragma once

#include <string>
#include <string_view>

namespace lab::verdict {

// The stacks of every thread of a live process, by elfutils' eu-stack; bounded to a few seconds.
// Empty when they cannot be had.
std::string stacks_of(int pid);

// Of such stacks: true when every thread that a test started, and its main thread unless it waits
// in the drill for the others, waits without a time limit for a lock, a condition, a semaphore, an
// atomic or another thread. Then nobody is left to end the wait: a deadlock.
bool all_blocked(std::string_view stacks);

}  // namespace lab::verdict
