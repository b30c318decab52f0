// Reports: data race
// One side uses an atomic operation, the other does not; the accesses differ in size.
#include <cstdint>
#include <thread>

#include "order.h"

std::int64_t hits = 0;

int main() {
  std::thread counter([] {
    __atomic_fetch_add(&hits, 1, __ATOMIC_RELAXED);
    step();
  });
  wait_for_step(1);
  *reinterpret_cast<volatile char*>(&hits) = 0;
  counter.join();
}
