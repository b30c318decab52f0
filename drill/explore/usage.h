#pragma once

#include "drill/explore/thread.h"

// What a schedule shows of the strategy behind a class: how its locks are used, and by whom. The
// judge names the strategy from it (lab/verdict/strategy.h).
namespace drill::explore {

struct Usage {
  // Locks of one collector that are shards of it: several are taken by the very same calls (a loop
  // over shards), or they lie as the elements of an array do. 0 when there are none.
  int shards;
  int read_locks;     // Read-write locks that were taken for reading.
  int guards;         // Mutexes that are no part of a condition variable's.
  int owner_threads;  // Started by the class itself, not by the test.
  int owner_waits;    // 1: one of them waited for something to come.
  int asked;          // 1: a thread of the test waited for an answer.
};

void begin_usage();
// The thread is about to carry out its pending operation.
void note_use(const Thread& thread);
// The thread is one of the test's own.
void note_test_thread(const Thread& thread);
// Adds what the schedule has shown, at its end, to `sum`: the largest of each.
void add_usage(Usage& sum);

}  // namespace drill::explore
