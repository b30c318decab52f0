#pragma once

#include <cstdint>

// ThreadSanitizer's runtime does nothing at a std::atomic_thread_fence, and so reports what fences
// order. Judged programs tell it: what a fence may order counts as ordered, in the order in which
// things happened. That is more than fences do, so no right use of them is reported; what it hides,
// the explorer sees, which knows fences exactly. In programs without fences nothing changes.
// The linker's --wrap leads atomic operations and fences here (drill_fences_link).
namespace drill {

// To publish is to release; whoever acquires comes to know all that was published.
inline char published_by_fences;      // For loads that acquire, and fences that do.
inline char published_by_operations;  // For fences that acquire.

// The orders as the compilers pass them. The low bits; there may be hints above.
inline bool acquires(int order) {
  const int plain = order & 0xff;
  return plain != __ATOMIC_RELAXED && plain != __ATOMIC_RELEASE;
}
inline bool releases(int order) { return (order & 0xff) >= __ATOMIC_RELEASE; }

}  // namespace drill

extern "C" {
void __tsan_acquire(void* address);
void __tsan_release(void* address);
void __tsan_func_entry(void* caller);
void __tsan_func_exit();

// Whether the program has fences: true in fence.cc, which is linked only then; weakly false else.
extern bool racelab_has_fences;
}
