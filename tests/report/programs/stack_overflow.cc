// Reports: none
// Error: stack-overflow
// Options: handle_segv=1:use_sigaltstack=1
#include <cstdio>

__attribute__((noinline)) int fall(volatile int* depth) {
  volatile int here[256] = {*depth + 1};
  return fall(here) + here[0];
}

int main() {
  volatile int zero = 0;
  std::printf("%d\n", fall(&zero));
}
