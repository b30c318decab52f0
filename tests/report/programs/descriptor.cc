// Reports: data race
// A file descriptor is closed while another thread writes to it.
#include <fcntl.h>
#include <unistd.h>

#include <thread>

#include "order.h"

int main() {
  const int fd = open("/dev/null", O_WRONLY);
  std::thread writer([fd] {
    if (write(fd, "x", 1) != 1) return;
    step();
  });
  wait_for_step(1);
  close(fd);
  writer.join();
}
