// Reports: data race
// A global, a named thread, a mutex that one side holds for writing.
#include <pthread.h>

#include <mutex>
#include <thread>

#include "order.h"

std::mutex guard;
long total = 0;

int main() {
  std::thread writer([] {
    pthread_setname_np(pthread_self(), "writer");
    const std::lock_guard lock(guard);
    total = 1;
    step();
  });
  wait_for_step(1);
  total += 1;
  writer.join();
}
