// Reports: data race...
// A static object that the optimiser takes apart.
#include <thread>

#include "order.h"

struct Stats {
  long requests = 0;
  long bytes = 0;
  int last_code = 0;
};

static Stats stats;

void handle(int code, long size) {
  ++stats.requests;
  stats.bytes += size;
  stats.last_code = code;
}

long sum() { return stats.requests + stats.bytes + stats.last_code; }

int main() {
  std::thread first([] {
    handle(200, 10);
    step();
  });
  long total = 0;
  std::thread second([&total] {
    wait_for_step(1);
    total = sum();
  });
  first.join();
  second.join();
  return total == 211 ? 0 : 1;
}
