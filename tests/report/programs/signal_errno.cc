// Reports: signal handler spoils errno
#include <pthread.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "order.h"

void handler(int) {
  errno = 42;
  step();
}

// The detector delivers signals between calls that it knows.
__attribute__((noinline)) void work() {
  while (steps.load(std::memory_order_relaxed) == 0) {
    volatile char* byte = static_cast<char*>(std::malloc(1));
    byte[0] = 0;
    std::free(const_cast<char*>(byte));
  }
}

int main() {
  struct sigaction action = {};
  action.sa_handler = handler;
  sigaction(SIGPROF, &action, nullptr);
  const pthread_t mine = pthread_self();
  std::thread sender([mine] { pthread_kill(mine, SIGPROF); });
  work();
  sender.join();
}
