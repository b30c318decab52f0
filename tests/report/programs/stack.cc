// Reports: data race
// A local variable of main, reached by a lambda that captured it by reference.
#include <thread>

#include "order.h"

int main() {
  int result = 0;
  std::thread worker([&] {
    result = 42;
    step();
  });
  wait_for_step(1);
  const int seen = result;
  worker.join();
  return seen == 42 ? 0 : 1;
}
