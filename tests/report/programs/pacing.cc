// Reports: data race
// A loop that takes its time: its sleep is no attempt to order anything.
#include <chrono>
#include <thread>

int ticks = 0;

void tick() {
  for (int i = 0; i < 2; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    ++ticks;
  }
}

int main() {
  std::thread other([] { ticks = 7; });
  std::thread clock(tick);
  other.join();
  clock.join();
}
