// Reports: signal-unsafe call inside of a signal
// Options: report_signal_unsafe=1
#include <csignal>
#include <cstdlib>

void* volatile kept = nullptr;

void handler(int) { kept = std::malloc(64); }

int main() {
  std::signal(SIGUSR1, handler);
  std::raise(SIGUSR1);
  std::free(kept);
}
