// Reports: data race
// Two elements of a std::vector<bool>, in one word.
#include <thread>
#include <vector>

#include "order.h"

int main() {
  std::vector<bool> done(8);
  std::thread first([&done] {
    done[1] = true;
    step();
  });
  std::thread second([&done] {
    wait_for_step(1);
    for (int i = 2; i < 3; ++i) done[i] = true;
  });
  first.join();
  second.join();
}
