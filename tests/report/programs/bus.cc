// Reports: none
// Error: BUS
// Options: handle_sigbus=1
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>

int main() {
  char name[] = "/tmp/bus-XXXXXX";
  const int fd = mkstemp(name);
  unlink(name);
  auto* page = static_cast<volatile char*>(
      mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
  page[0] = 1;
}
