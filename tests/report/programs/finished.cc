// Reports: data race
// The other thread has finished, and was started by a thread that has finished too.
#include <pthread.h>
#include <unistd.h>

#include "order.h"

int shared = 0;

void* grandchild(void*) {
  shared = 1;
  step();
  return nullptr;
}

void* child(void*) {
  pthread_t thread;
  pthread_create(&thread, nullptr, grandchild, nullptr);
  pthread_detach(thread);
  step();
  return nullptr;
}

int main() {
  pthread_t thread;
  pthread_create(&thread, nullptr, child, nullptr);
  pthread_detach(thread);
  wait_for_step(2);
  usleep(100000);
  shared = 2;
}
