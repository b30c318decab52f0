#pragma once

#include <cstddef>
#include <cstdint>

#include "drill/explore/thread.h"

// What atomics were before. Values are otherwise those of one order of all operations, as if every
// one were sequentially consistent; but a load with a weaker order may, by the memory model of
// C++20, find a value that is not the latest (intro.races). It may not be older than
//  - a store that happens before the load, or what anybody has read whose read happens before it
//    (coherence), and
//  - where the load is sequentially consistent, what another such operation has stored or read, in
//    the order of the schedule (atomics.order).
// Fences that are sequentially consistent are taken to do more than they do: who comes after one,
// in happens-before or by a sequentially consistent load, finds no value older than the latest
// before it. What is found is so allowed by the model; not all that it allows is.
//
// Once a schedule a load (no exchange that fails) does so, at the price of a preemption, and then
// finds the oldest that it may, of the last few. (C11Tester, Luo and Demsky, ASPLOS 2021, follows
// the model further.)
namespace drill::explore {

struct OldValue {
  static constexpr std::size_t kBytesMax = 16;
  unsigned char bytes[kBytesMax];
  int slot;            // Of who stored it; -1: it was there before.
  std::uint32_t time;  // That thread's clock then.
  std::uint32_t step;
  bool sequential;       // Stored, or read, by a sequentially consistent operation.
  VectorClock released;  // What who acquires it comes to know.
  VectorClock read_by;   // By thread: its clock when it read it first; 0: never.
};

// `thread` has replaced `before` in `object` by `after`, each of `size` bytes; called before
// object.released changes.
void note_stored(Object& object, const Thread& thread, const void* before, const void* after,
                 std::size_t size, bool sequential);
// `thread` reads the latest value.
void note_latest_read(const Object& object, const Thread& thread, bool sequential);
// The oldest value that a load of `object` may find in place of `latest`, or none.
OldValue* older_than(const void* latest, const Object& object, const Thread& thread,
                     std::size_t size, bool sequential);
// `thread` finds `value`.
void note_read(OldValue& value, const Thread& thread, bool sequential);
// `thread` passes a sequentially consistent fence.
void note_fence(const Thread& thread);
// A schedule begins.
void begin_old_values();

}  // namespace drill::explore
