// Reports: data race...
// Reports, gcc-12: none
// A thread is given the address of a variable of a function that returns before it ends.
#include <thread>

#include "order.h"

[[gnu::noinline]] std::thread launch() {
  long progress[16] = {};
  return std::thread([&progress] {
    wait_for_step(1);
    for (auto& each : progress) each = 1;
    step();
  });
}

[[gnu::noinline]] long work() {
  volatile long scratch[64];
  for (int i = 0; i < 64; ++i) scratch[i] = i;
  step();
  wait_for_step(2);
  return scratch[7];
}

int main() {
  auto thread = launch();
  work();
  thread.join();
}
