// Reports: data race...
// A table that is made on first use, with no lock at all.
#include <thread>

#include "order.h"

struct Table {
  int value = 7;
};

Table* made = nullptr;

Table& table() {
  if (!made) {
    made = new Table;
  }
  return *made;
}

int main() {
  int sum = 0;
  std::thread first([] {
    table();
    step();
  });
  std::thread second([&sum] {
    wait_for_step(1);
    sum = table().value;
  });
  first.join();
  second.join();
  return sum - 7;
}
