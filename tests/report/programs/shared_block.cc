// Reports: data race
// A number of the function's own stands in the line of what raced, on the heap.
#include <memory>
#include <thread>

#include "order.h"

struct Tally {
  int seen[8] = {};
};

void feed(const std::shared_ptr<Tally>& tally, int n) { tally->seen[n] = n; }

int main() {
  auto tally = std::make_shared<Tally>();
  std::thread first([&tally] {
    feed(tally, 3);
    step();
  });
  std::thread second([&tally] {
    wait_for_step(1);
    feed(tally, 3);
  });
  first.join();
  second.join();
}
