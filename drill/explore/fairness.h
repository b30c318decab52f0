#pragma once

#include <cstdint>

#include "drill/explore/thread.h"

// Fairness among threads that change something each time they look: a spin lock that marks itself
// as wanted, a map that lets its bucket go and takes it again. idling.h cannot see those idle, and
// two of them could go round for ever while the one that they wait for is never chosen, at no cost
// of preemptions. After Musuvathi and Qadeer, "Fair Stateless Model Checking", PLDI 2008: who
// yields gives way to those who could have run all the while and did not, or whom it kept from it.
// As there, only each kYields-th yield counts: libstdc++ yields 4 times before it sleeps, which is
// no idling. A sleep and a wait with a limit are yields too.
namespace drill::explore {

void begin_fairness();
// The thread is about to carry out its pending operation; `enabled`: a bit a slot, who may run.
void note_yield(const Thread& thread, std::uint64_t enabled);
// Of `enabled`, those who need not give way. Never empty if `enabled` is not.
std::uint64_t fair(std::uint64_t enabled);
// The thread waits for another: it lets others run by that.
void note_blocked(const Thread& thread);
void note_run(const Thread& thread);

}  // namespace drill::explore
