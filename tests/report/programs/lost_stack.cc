// Reports: data race
// Reports, clang-14: none
// Reports, clang-19: none
// Options: history_size=0
// So much happened since that the detector has forgotten the other stack. clang may say nothing.
#include <thread>

#include "order.h"

int value = 0;
volatile int noise[64];

__attribute__((noinline)) void make_noise(int i) { noise[i % 64] = i; }

int main() {
  std::thread writer([] {
    value = 1;
    for (int i = 0; i < 400000; ++i) make_noise(i);
    step();
    wait_for_step(2);
  });
  wait_for_step(1);
  value = 2;
  step();
  writer.join();
}
