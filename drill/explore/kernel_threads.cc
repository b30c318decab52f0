#include "drill/explore/kernel_threads.h"

#include <sys/mman.h>

#include <array>

#include "drill/explore/findings.h"
#include "drill/explore/lifecycle.h"
#include "drill/explore/next.h"
#include "drill/explore/thread.h"
#include "drill/explore/turns.h"

namespace drill::explore {
namespace {

constexpr std::size_t kStack = std::size_t{8} << 20;
constexpr std::size_t kGuard = std::size_t{64} << 10;
// Where nothing else is, and the same in each process: programs may look at addresses, and those of
// the stack would differ with the environment.
char* const kStacks = reinterpret_cast<char*>(0x1100'0000'0000);

std::array<pthread_t, kThreadsMax> kernel_threads{};

void* serve(void* argument) {
  const int slot = *static_cast<int*>(argument);
  prepare_kernel_thread();
  await_first_turn(slot);
  // Ends with the process: each turn is one thread of one schedule.
  for (;;) run_thread(threads[static_cast<std::size_t>(slot)]);
}

// Starts a thread on the stack of `slot`.
bool start(pthread_t& id, int slot, void* (*function)(void*), void* argument) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  char* const place = kStacks + static_cast<std::size_t>(slot) * (kStack + kGuard);
  void* const stack = mmap(place, kStack + kGuard, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (stack == MAP_FAILED) return false;
  mprotect(stack, kGuard, PROT_NONE);
  pthread_attr_setstack(&attributes, static_cast<char*>(stack) + kGuard, kStack);
  const int result = RACELAB_NEXT(pthread_create)(&id, &attributes, function, argument);
  pthread_attr_destroy(&attributes);
  return result == 0;
}

void* call(void* work) {
  (*static_cast<const std::function<void()>*>(work))();
  return nullptr;
}

}  // namespace

void provide_kernel_thread(int slot) {
  const auto at = static_cast<std::size_t>(slot);
  if (kernel_threads[at] != pthread_t{}) return;
  threads[at].slot = slot;
  const PassThrough pass_through;
  if (!start(kernel_threads[at], slot, serve, &threads[at].slot)) {
    conclude(Outcome::kUnsupported, "this machine gives no more threads");
  }
  await_readiness(slot);
}

void adopt_kernel_thread(int slot) {
  threads[static_cast<std::size_t>(slot)].slot = slot;
  kernel_threads[static_cast<std::size_t>(slot)] = pthread_self();
  take_first_turn(slot);
}

pthread_t kernel_thread(int slot) { return kernel_threads[static_cast<std::size_t>(slot)]; }

int slot_of(pthread_t thread) {
  for (int slot = 0; slot < slots_in_use; ++slot) {
    if (kernel_threads[static_cast<std::size_t>(slot)] == thread) return slot;
  }
  return -1;
}

void run_on_first_stack(const std::function<void()>& work) {
  pthread_t thread;
  if (!start(thread, 0, call, const_cast<std::function<void()>*>(&work))) {
    conclude(Outcome::kUnsupported, "this machine gives no more threads");
  }
  RACELAB_NEXT(pthread_join)(thread, nullptr);
}

}  // namespace drill::explore
