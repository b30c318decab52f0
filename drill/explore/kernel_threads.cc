#include "drill/explore/kernel_threads.h"

#include <linux/futex.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>

#include "drill/explore/findings.h"
#include "drill/explore/lifecycle.h"
#include "drill/explore/next.h"
#include "drill/explore/thread.h"

namespace drill::explore {
namespace {

// A turn that is handed to one waiting thread. A futex, so that the wake-up goes straight from the
// thread that gives to the one that takes. Each on a cache line of its own.
class alignas(64) Turn {
 public:
  void give() {
    state_.store(1, std::memory_order_release);
    futex(FUTEX_WAKE_PRIVATE, 1);
  }
  void take() {
    while (state_.load(std::memory_order_acquire) == 0) futex(FUTEX_WAIT_PRIVATE, 0);
    state_.store(0, std::memory_order_relaxed);
  }

 private:
  void futex(int operation, int value) {
    RACELAB_NEXT(syscall)(SYS_futex, &state_, operation, value, nullptr, nullptr, 0);
  }
  std::atomic<int> state_{0};
};

std::array<Turn, kThreadsMax> turns;
std::array<pthread_t, kThreadsMax> kernel_threads{};

void* serve(void* argument) {
  const int slot = *static_cast<int*>(argument);
  prepare_kernel_thread();
  // Ends with the process: each turn is one thread of one schedule.
  for (;;) {
    turns[static_cast<std::size_t>(slot)].take();
    run_thread(threads[static_cast<std::size_t>(slot)]);
  }
}

}  // namespace

void provide_kernel_thread(int slot) {
  const auto at = static_cast<std::size_t>(slot);
  if (kernel_threads[at] != pthread_t{}) return;
  threads[at].slot = slot;
  const PassThrough pass_through;
  if (RACELAB_NEXT(pthread_create)(&kernel_threads[at], nullptr, serve, &threads[at].slot) != 0) {
    conclude(Outcome::kUnsupported, "this machine gives no more threads");
  }
}

void adopt_kernel_thread(int slot) {
  threads[static_cast<std::size_t>(slot)].slot = slot;
  kernel_threads[static_cast<std::size_t>(slot)] = pthread_self();
}

pthread_t kernel_thread(int slot) { return kernel_threads[static_cast<std::size_t>(slot)]; }

int slot_of(pthread_t thread) {
  for (int slot = 0; slot < slots_in_use; ++slot) {
    if (kernel_threads[static_cast<std::size_t>(slot)] == thread) return slot;
  }
  return -1;
}

void hand_over(int from, int to) {
  turns[static_cast<std::size_t>(to)].give();
  turns[static_cast<std::size_t>(from)].take();
}

void hand_over_for_good(int to) { turns[static_cast<std::size_t>(to)].give(); }

}  // namespace drill::explore
