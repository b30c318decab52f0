#pragma once

#include "drill/explore/thread.h"

// Fairness: a thread that waits by looking again and again (a spin lock, a loop of yields) would
// let no other run, since running on costs nothing. It is seen to idle, and rests until something
// changes.
//  - A read that finds what the same read found before, with nothing changed by its thread since,
//    is a repetition. After kRepeatsMax rounds of them the thread rests until one of the values
//    read changes. libstdc++'s own waits spin 16 times before they sleep: those are run in full.
//  - A yield is an operation like any other, until its thread has made kYieldsMax of them with no
//    change by anybody else: then it rests until there is one. (libstdc++ yields 4 times before it
//    sleeps.)
//  - A sleep or a wait with a deadline ends at once if so chosen, but not more than kPausesMax
//    times with no change by anybody else.
// When nobody else can run, those who rest do. And a loop may give up: once a schedule, who has
// come to rest may be let go on instead, at the price of a preemption, until it has looked
// kGoesOnMax times more or the patience is over (ScheduleLimits). Nobody else runs meanwhile unless
// it waits.
namespace drill::explore {

// The thread is about to carry out its pending operation.
void look(Thread& thread);
// `thread` has changed something.
void note_change(Thread& thread);
bool is_resting(const Thread& thread);
// Whether the thread rests and may be let go on.
bool may_go_on(const Thread& thread);
void let_go_on(Thread& thread);
bool goes_on(const Thread& thread);
// Whether somebody was let go on in this schedule.
bool has_gone_on();
// A schedule begins.
void begin_idling();

}  // namespace drill::explore
