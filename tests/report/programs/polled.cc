// Reports: data race
// A plain flag ends another thread's loop.
#include <thread>

#include "order.h"

bool stop = false;

void work() {
  while (!stop) {
    step();
    wait_for_step(2);
  }
}

int main() {
  std::thread worker(work);
  wait_for_step(1);
  stop = true;
  step();
  worker.join();
}
