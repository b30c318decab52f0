// Reports: data race
// Between a thread and a fiber that another thread runs.
#include <pthread.h>

#include <thread>

#include "order.h"

extern "C" {
void* __tsan_get_current_fiber(void);
void* __tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void* fiber);
void __tsan_switch_to_fiber(void* fiber, unsigned flags);
void __tsan_set_fiber_name(void* fiber, const char* name);
}

int value = 0;

int main() {
  void* home = __tsan_get_current_fiber();
  void* fiber = __tsan_create_fiber(0);
  __tsan_set_fiber_name(fiber, "a fiber");
  constexpr unsigned kNoSync = 1;
  __tsan_switch_to_fiber(fiber, kNoSync);
  value = 1;
  __tsan_switch_to_fiber(home, kNoSync);
  value = 2;
  __tsan_destroy_fiber(fiber);
}
