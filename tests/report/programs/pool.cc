// Reports: heap-use-after-free; heap-use-after-free
// Two blocks that one function frees and one other uses: two faults.
#include <thread>

#include "order.h"

struct Pool {
  void give(int* block) { delete block; }
};

int main() {
  Pool pool;
  int* one = new int(1);
  int* other = new int(2);
  std::thread freer([&] {
    pool.give(one);
    pool.give(other);
    step();
  });
  wait_for_step(1);
  *one = 3;
  *other = 4;
  freer.join();
}
