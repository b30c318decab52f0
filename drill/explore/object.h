#pragma once

#include <cstdint>
#include <vector>

#include "drill/explore/clock.h"

namespace drill::explore {

using Address = std::uintptr_t;

enum class ObjectKind : std::uint8_t {
  kNone,
  kThread,
  kMutex,
  kReadWriteLock,
  kCondition,
  kAtomic,
  kOnce,
  kBarrier,
  kSemaphore,
  kFence,
};

// A synchronisation object of the program under test, known by its address. The explorer keeps its
// state here and never touches the object's own memory, so that a schedule leaves no trace in it.
struct Object {
  Address address = 0;
  ObjectKind kind = ObjectKind::kNone;
  std::uint32_t session = 0;           // The schedule that this state belongs to.
  std::int16_t owner = 0;              // Slot of who holds it, runs it, or (a thread) is it; or -1.
  std::uint32_t depth = 0;             // Of a recursive mutex; arrivals of a barrier.
  std::uint64_t readers = 0;           // Bit a slot: holds it for reading.
  std::uint64_t waiters = 0;           // Bit a slot: waits on a condition, futex or barrier.
  std::uint32_t tokens = 0;            // A semaphore's value.
  std::uint32_t version = 0;           // Counts changes, for threads that spin on it.
  int number = 0;                      // Order of first use in the schedule, for names: M1, M2.
  int index = 0;                       // The same over objects of all kinds, from 0.
  std::uint32_t size = 0;              // Of an atomic, in bytes: the widest operation on it.
  std::vector<std::uint64_t> wakeups;  // Sent and not yet taken: who may take each (wakeups.h).
  std::vector<Object*> overlaps;       // Atomics that share bytes with it: halves of a wider one.
  VectorClock released;                // What a thread that acquires it comes to know.
  VectorClock released_by_readers;     // The same, for those who acquire it for writing only.
};

// Finds the object at `address`, or makes it anew when this schedule has not used it yet.
Object& object_at(Address address, ObjectKind kind);
Object& atomic_at(Address address, std::uint32_t size);
// The object at `address` that this schedule has used, or none.
Object* find_object(Address address);
// Forgets an object that was destroyed or made anew.
void forget_object(Address address);
// All objects are forgotten: a schedule begins.
void begin_objects(std::uint32_t session);
// How many objects of this kind, and of all kinds, the schedule has used.
int objects_of(ObjectKind kind);
int objects_used();

}  // namespace drill::explore
