// Reports: data race
// Memory is freed after another thread has used it, and nothing made the free wait.
#include <thread>

#include "order.h"

int main() {
  int* value = new int(0);
  std::thread user([value] {
    *value = 1;
    step();
  });
  wait_for_step(1);
  delete value;
  user.join();
}
