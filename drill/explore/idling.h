#pragma once

#include "drill/explore/thread.h"

// Fairness: a thread that waits by looking again and again (a spin lock, a loop of yields) would
// let no other run, since running on costs nothing. It is seen to idle, and rests until something
// changes.
//  - A read that finds what the same read found before, with nothing changed by its thread since,
//  is
//    a repetition. After kRepeatsMax rounds of them the thread rests until one of the values read
//    changes. libstdc++'s own waits spin 16 times before they sleep: those are run in full.
//  - After kPausesMax yields or sleeps, or two expired deadlines, with no change by anybody else,
//  the
//    thread rests until there is one.
// When nobody else can run, those who rest do.
namespace drill::explore {

// The thread is about to carry out its pending operation.
void look(Thread& thread);
// `thread` has changed something.
void note_change(Thread& thread);
bool is_resting(const Thread& thread);
// A schedule begins.
void begin_idling();

}  // namespace drill::explore
