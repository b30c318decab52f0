// Reports: data race
// Options: stack_trace_format="    FRAME %n of %f at %S"
// Frames in a form that nobody can foresee.
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
