// Reports: thread leak; thread leak
// Five threads of one place, and one of another.
#include <pthread.h>
#include <unistd.h>

#include "order.h"

void* work(void*) {
  step();
  return nullptr;
}

int main() {
  pthread_t thread;
  for (int i = 0; i < 5; ++i) pthread_create(&thread, nullptr, work, nullptr);
  pthread_create(&thread, nullptr, work, nullptr);
  wait_for_step(6);
  usleep(200000);
}
