// Reports: data race...
// A thread holds a reference to an element of a vector that grows.
#include <thread>
#include <vector>

#include "order.h"

struct Slot {
  long done = 0;
};

int main() {
  std::vector<Slot> slots;
  slots.emplace_back();
  auto& mine = slots.back();
  std::thread worker([&mine] {
    mine.done = 1;
    step();
  });
  wait_for_step(1);
  slots.emplace_back();
  worker.join();
}
