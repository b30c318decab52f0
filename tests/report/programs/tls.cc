// Reports: data race
// A thread-local variable, given away by its address.
#include <thread>

#include "order.h"

thread_local int mine = 0;
std::atomic<int*> address{nullptr};

int main() {
  std::thread owner([] {
    mine = 1;
    address.store(&mine, std::memory_order_relaxed);
    step();
    wait_for_step(2);
  });
  wait_for_step(1);
  *address.load(std::memory_order_relaxed) = 2;
  step();
  owner.join();
}
