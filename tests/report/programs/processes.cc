// Reports: data race; data race
// A process and its child, one after the other, in one log.
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "order.h"

int value = 0;

void race() {
  std::thread writer([] {
    value = 1;
    step();
  });
  wait_for_step(1);
  value = 2;
  writer.join();
}

int main() {
  const pid_t child = fork();
  if (child == 0) {
    race();
    _exit(0);
  }
  waitpid(child, nullptr, 0);
  race();
}
