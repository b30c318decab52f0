// A race that any working ThreadSanitizer reports: two threads write a plain int, ordered by a
// relaxed atomic, which the detector does not take for synchronisation. Before the judge trusts a
// clean run, it sees this one caught. Exit 66: caught; 0: this build or machine detects nothing.
#include <atomic>
#include <thread>

namespace {
int song = 0;
std::atomic<bool> sung{false};
}  // namespace

int main() {
  std::thread first([] {
    ++song;
    sung.store(true, std::memory_order_relaxed);
  });
  std::thread second([] {
    // Ends when the first thread has run, which it always does.
    while (!sung.load(std::memory_order_relaxed)) std::this_thread::yield();
    ++song;
  });
  first.join();
  second.join();
  return 0;
}
