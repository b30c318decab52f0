// Reports: data race
// Two parts of an array that have one element in common.
#include <thread>

#include "order.h"

int squares[8];

void fill(int from, int to) {
  for (int i = from; i <= to; ++i) {
    squares[i] = i * i;
  }
}

int main() {
  std::thread first([] {
    fill(0, 4);
    step();
  });
  wait_for_step(1);
  fill(4, 7);
  first.join();
}
