// Reports: data race
// Options: symbolize_vs_style=1
// Positions in brackets.
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
