#include "drill/fence.h"

// Linked where the program has a fence (a library's member, which the linker takes for its name).

extern "C" {

bool racelab_has_fences = true;

void __real___tsan_atomic_thread_fence(int order);
void __wrap___tsan_atomic_thread_fence(int order);
void __wrap___tsan_atomic_thread_fence(int order) {
  __real___tsan_atomic_thread_fence(order);
  if (drill::acquires(order)) {
    __tsan_acquire(&drill::published_by_fences);
    __tsan_acquire(&drill::published_by_operations);
  }
  if (drill::releases(order)) __tsan_release(&drill::published_by_fences);
}

}  // extern "C"
