// Reports: data race
// Both hold one reader-writer lock, and only for reading.
#include <shared_mutex>
#include <thread>

#include "order.h"

std::shared_mutex guard;
int looks = 0;

int main() {
  std::thread reader([] {
    const std::shared_lock lock(guard);
    ++looks;
    step();
  });
  wait_for_step(1);
  {
    const std::shared_lock lock(guard);
    ++looks;
  }
  reader.join();
}
