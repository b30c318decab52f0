// Reports: data race...
// What one function writes under a lock, another reads without it: globals, and what two lambdas
// share.
#include <mutex>
#include <thread>
#include <vector>

#include "order.h"

std::mutex guard;
std::vector<int> lines;
int dropped = 0;

void add() {
  const std::lock_guard lock(guard);
  lines.push_back(1);
  ++dropped;
  step();
}

std::size_t show() {
  wait_for_step(1);
  return lines.size() + static_cast<std::size_t>(dropped);
}

int main() {
  std::thread adder(add);
  volatile auto shown = show();
  int count = 0;
  long bytes = 0;
  std::thread counter([&] {
    const std::lock_guard lock(guard);
    ++count;
    bytes += 3;
    step();
  });
  std::thread reader([&] {
    wait_for_step(2);
    const auto seen = count;
    volatile auto all = bytes + seen;
    static_cast<void>(all);
  });
  adder.join();
  counter.join();
  reader.join();
  static_cast<void>(shown);
}
