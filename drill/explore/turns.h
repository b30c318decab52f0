#pragma once

namespace drill::explore {

// How the turn goes from one thread of a schedule to another: where its machine is known, without
// the kernel. The kernel threads only lend what makes a thread: a stack and its thread-local
// storage. Once they have, they stand aside, and one kernel thread runs them all, by turns.
// Elsewhere a futex wakes the thread that is given the turn.

// Called once by the kernel thread of `slot`: returns when it is its turn for the first time.
void await_first_turn(int slot);
// Waits until the kernel thread of `slot`, just started, awaits its turn.
void await_readiness(int slot);
// The calling thread has the turn, as `slot`.
void take_first_turn(int slot);
// Lets `to` run, and returns when somebody lets `from`, the caller, run again.
void hand_over(int from, int to);

}  // namespace drill::explore
