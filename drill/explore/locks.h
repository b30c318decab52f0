#pragma once

#include "drill/explore/findings.h"
#include "drill/explore/thread.h"

// What taking and giving up locks does to their state and to the clocks of threads.
namespace drill::explore {

// `thread` now holds `object` for writing, or for reading.
void take(Thread& thread, Object& object, Address pc);
void take_for_reading(Thread& thread, Object& object, Address pc);
// `thread` gives `object` up; false when it does not hold it.
bool give_up(Thread& thread, Object& object);

// What `thread` did is ordered before what those do who acquire `object` from now on.
void release(Thread& thread, Object& object);
void acquire(Thread& thread, const Object& object);

// `thread` operates on `object`, whose memory must be there: a race with who gives it back.
void touch(Thread& thread, const Object& object, Address pc);

// `thread` tries to lock what it holds for writing, and fails. Ends the process where it does so
// over and over: std::lock() of one mutex twice goes round for ever.
void note_own_try(Thread& thread, const Object& object, Address pc);

// Ends the process: what `thread` is about to do to `object` is wrong.
[[noreturn]] void conclude_lock(Outcome outcome, const Thread& thread, const Object& object,
                                OpKind operation, Address pc, const char* message);

}  // namespace drill::explore
