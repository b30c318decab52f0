// Reports: data race
// The mutex that one side held is gone when the race is found.
#include <pthread.h>

#include <thread>

#include "order.h"

int value = 0;

int main() {
  std::thread writer([] {
    auto* mutex = new pthread_mutex_t;
    pthread_mutex_init(mutex, nullptr);
    pthread_mutex_lock(mutex);
    value = 1;
    pthread_mutex_unlock(mutex);
    pthread_mutex_destroy(mutex);
    delete mutex;
    step();
  });
  wait_for_step(1);
  value = 2;
  writer.join();
}
