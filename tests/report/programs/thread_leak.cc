// Reports: thread leak
#include <pthread.h>

#include "order.h"

void* work(void*) {
  pthread_setname_np(pthread_self(), "leaked one");
  step();
  return nullptr;
}

int main() {
  pthread_t thread;
  pthread_create(&thread, nullptr, work, nullptr);
  wait_for_step(1);
}
