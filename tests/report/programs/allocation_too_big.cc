// Reports: none
// Error: allocation-size-too-big
#include <cstdio>
#include <cstdlib>

int main() {
  volatile std::size_t size = static_cast<std::size_t>(1) << 60;
  std::printf("%p\n", std::malloc(size));
}
