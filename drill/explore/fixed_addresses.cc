#include <sys/personality.h>
#include <unistd.h>

#include <climits>
#include <cstdlib>

// What a program does may depend on addresses: the order in which it takes locks, the place of a
// pointer in a hash table. So that the same choices lead to the same steps in each process, an
// explored program starts itself again where the system places it without randomness.

namespace {

constexpr const char* kStartedAgain = "RACELAB_EXPLORE_STARTED_AGAIN";

__attribute__((constructor)) void fix_addresses(int, char** argv, char**) {
  if (std::getenv(kStartedAgain) != nullptr) {
    unsetenv(kStartedAgain);
    return;
  }
  const int current = personality(0xffffffff);
  if (current == -1 || (current & ADDR_NO_RANDOMIZE) != 0) return;
  char path[PATH_MAX];
  const auto length = readlink("/proc/self/exe", path, sizeof path - 1);
  // A sandbox may forbid it; then tokens of programs that look at addresses are good here only.
  if (length <= 0 || personality(static_cast<unsigned>(current) | ADDR_NO_RANDOMIZE) == -1) return;
  path[length] = '\0';
  setenv(kStartedAgain, "1", 1);
  execv(path, argv);
  unsetenv(kStartedAgain);
}

}  // namespace
