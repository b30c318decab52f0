// Reports: data race
// Options: color=always
// Each side holds a mutex, and not the same; one holds two.
#include <mutex>
#include <thread>

#include "order.h"

std::mutex readers, writers, other;
int value = 0;

int main() {
  std::thread writer([] {
    const std::scoped_lock lock(writers, other);
    value = 1;
    step();
  });
  wait_for_step(1);
  int seen = 0;
  {
    const std::lock_guard lock(readers);
    seen = value;
  }
  writer.join();
  return seen == 1 ? 0 : 1;
}
