// Reports: heap-use-after-free (virtual call vs free)
// Reports, gcc-12: heap-use-after-free
// A virtual call on an object that another thread has freed.
#include <cstdlib>
#include <new>
#include <thread>

#include "order.h"

struct Task {
  virtual void run() {}
};

int main() {
  Task* task = new (std::malloc(sizeof(Task))) Task;
  std::thread owner([task] {
    std::free(task);
    step();
  });
  wait_for_step(1);
  task->run();
  owner.join();
}
