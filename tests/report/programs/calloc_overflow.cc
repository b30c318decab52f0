// Reports: none
// Error: calloc-overflow
#include <cstdio>
#include <cstdlib>

int main() {
  volatile std::size_t count = static_cast<std::size_t>(-1) / 2;
  std::printf("%p\n", std::calloc(count, 8));
}
