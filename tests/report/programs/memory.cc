// Reports: data race
// Functions of the C library: memcpy against memset, of many bytes.
#include <cstring>
#include <thread>

#include "order.h"

char buffer[4096];
char copy[4096];
volatile std::size_t size = sizeof buffer;  // Else the compiler writes the calls itself.

int main() {
  std::thread filler([] {
    std::memset(buffer, 1, size);
    step();
  });
  wait_for_step(1);
  std::memcpy(copy, buffer, size);
  filler.join();
}
