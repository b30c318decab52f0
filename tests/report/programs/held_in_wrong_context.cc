// Reports: mutex held in the wrong context
// Reports, gcc-12: none
// Reports, clang-14: none
#include <mutex>

// Not of LLVM 16's runtime and older ones.
extern "C" __attribute__((weak)) void __tsan_check_no_mutexes_held();

std::mutex first, second;

void wait_for_event() {
  if (__tsan_check_no_mutexes_held) __tsan_check_no_mutexes_held();
}

int main() {
  const std::scoped_lock lock(first, second);
  wait_for_event();
}
