// Reports: data race
// A signal handler writes what another thread reads.
#include <csignal>
#include <thread>

#include "order.h"

int caught = 0;

void on_signal(int) { caught = 1; }

int main() {
  std::signal(SIGUSR1, on_signal);
  std::thread reader([] {
    wait_for_step(1);
    volatile int seen = caught;
    static_cast<void>(seen);
  });
  std::raise(SIGUSR1);
  step();
  reader.join();
}
