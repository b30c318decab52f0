// Reports: lock-order-inversion (potential deadlock)
// Options: second_deadlock_stack=1
#include <mutex>
#include <thread>

std::mutex left, middle, right;

void take(std::mutex& outer, std::mutex& inner) {
  const std::lock_guard first(outer);
  const std::lock_guard second(inner);
}

int main() {
  std::thread([] { take(left, middle); }).join();
  std::thread([] { take(middle, right); }).join();
  std::thread([] { take(right, left); }).join();
}
