// Reports: data race
// Options: print_suppressions=1:suppressions=suppressions.txt
// One race is suppressed, another is not.
#include <thread>

#include "order.h"

long known = 0;
long unknown = 0;

__attribute__((noinline)) void known_race() { known = 1; }
__attribute__((noinline)) void unknown_race() { unknown = 1; }

int main() {
  std::thread other([] {
    known_race();
    unknown_race();
    step();
  });
  wait_for_step(1);
  known_race();
  unknown_race();
  other.join();
}
