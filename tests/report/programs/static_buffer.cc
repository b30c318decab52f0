// Reports: data race...
// A function returns what is static in it.
#include <thread>

#include "order.h"

const char* hex(unsigned value) {
  static char text[8];
  for (int i = 0; i < 4; ++i) text[i] = "0123456789abcdef"[value >> (4 * i) & 15];
  return text;
}

int main() {
  std::thread first([] {
    hex(1);
    step();
  });
  wait_for_step(1);
  hex(2);
  first.join();
}
