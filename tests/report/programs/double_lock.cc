// Reports: double lock of a mutex
// Of a lock that is annotated: the system's own would wait here.
#include <thread>

#include "order.h"

extern "C" {
void __tsan_mutex_create(void* address, unsigned flags);
void __tsan_mutex_pre_lock(void* address, unsigned flags);
void __tsan_mutex_post_lock(void* address, unsigned flags, int recursion);
}

int spin_lock = 0;

void lock() {
  __tsan_mutex_pre_lock(&spin_lock, 0);
  __tsan_mutex_post_lock(&spin_lock, 0, 0);
}

int main() {
  __tsan_mutex_create(&spin_lock, 0);
  std::thread holder([] {
    lock();
    step();
  });
  wait_for_step(1);
  lock();
  holder.join();
}
