#pragma once

#include "drill/explore/scheduler.h"
#include "drill/explore/shadow.h"

namespace drill::explore {

// A schedule begins: its fingerprint is empty.
void begin_trace();
// The choice at a point, for the schedule's name.
void note_choice(const Point& point, int chosen);
// The running thread is at a point: when tracing, its stack is kept.
void note_standing(Thread& thread);
// `thread` carries out its pending operation, or, blocked, cannot yet.
void record_step(const Thread& thread);
void record_blocked(const Thread& thread);
// `thread` has ended.
void record_end(const Thread& thread);
// When tracing: a plain access of the running thread.
void record_access(const Thread& thread, const Access& access);
std::uint64_t fingerprint();

// When tracing, looks whether this access is one that the finding is about.
void watch_access(Thread& thread, Address pc);
void watch(int slot, std::uint32_t access);

// Ends the process: no thread can run.
[[noreturn]] void conclude_deadlock();
// Ends the process: no thread can run before a deadline that is too far away.
[[noreturn]] void conclude_standstill(std::int64_t deadline_ns);
// Ends the process: `thread` was neither joined nor detached.
[[noreturn]] void conclude_leak(const Thread& thread);

}  // namespace drill::explore
