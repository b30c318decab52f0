// Reports: data race; data race; data race
// Three faults in one run, between a program's own lines.
#include <cstdio>
#include <thread>

#include "order.h"

long first = 0, second = 0, third = 0;

int main() {
  std::thread other([] {
    first = 1;
    second = 1;
    third = 1;
    step();
  });
  wait_for_step(1);
  std::fprintf(stderr, "WARNING: the first comes now\n");
  first = 2;
  std::fprintf(stderr, "  #0 this is no frame, and ================== no separator\n");
  second = 2;
  std::fprintf(stderr, "Write of nothing: ThreadSanitizer is mentioned here\n");
  third = 2;
  other.join();
}
