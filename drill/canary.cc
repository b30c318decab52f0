// A race that any working ThreadSanitizer reports: two threads write a plain int, ordered by a
// relaxed atomic, which the detector does not take for synchronisation. Before the judge trusts a
// clean run, it sees this one caught. Exit 66: caught; 0: this build or machine detects nothing.
#include <atomic>
#include <thread>

namespace {
int song = 0;
std::atomic<bool> sung{false};
std::atomic<bool> heard{false};

// Until the other thread has run, which it always does.
void await(const std::atomic<bool>& flag) {
  while (!flag.load(std::memory_order_relaxed)) std::this_thread::yield();
}
}  // namespace

int main() {
  std::thread first([] {
    ++song;
    sung.store(true, std::memory_order_relaxed);
    // A thread that is ending while the detector looks up what it did may be overlooked.
    await(heard);
  });
  std::thread second([] {
    await(sung);
    ++song;
    heard.store(true, std::memory_order_relaxed);
  });
  first.join();
  second.join();
  return 0;
}
