#pragma once

#include "drill/explore/thread.h"

// Cycles in the order in which threads take locks while they hold others: GoodLock (Havelund,
// "Using runtime analysis to guide model checking of Java programs", SPIN 2000). A cycle is gated
// when two of its threads hold a lock in common, so that they never stand in it at the same time.
// ThreadSanitizer reports gated cycles, too; the judge asks here which they are. What one schedule
// shows is kept for the next ones of the process: locks are known by their addresses.
namespace drill::explore {

struct LockOrders {
  bool open;   // A cycle that is not gated; or there were more orders than this can hold.
  bool gated;  // A cycle that is.
};

// `thread` is about to hold `object`, having waited for it.
void note_lock_order(const Thread& thread, const Object& object);
// Adds what the schedules so far have shown, at the end of one.
void add_lock_orders(LockOrders& sum);

}  // namespace drill::explore
