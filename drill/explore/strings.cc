#include <string.h>

#include "drill/explore/next.h"
#include "drill/explore/scheduler.h"
#include "drill/explore/shadow.h"

// The C library's memory and string functions, as the program calls them by name and as libstdc++
// does on its behalf (std::string, std::vector): what they read and write is checked.
// Within this library the same names go straight to the C library (--wrap in CMakeLists.txt).

namespace drill::explore {
namespace {

void touch(const void* address, std::size_t size, bool write, Address pc) {
  if (self == nullptr || size == 0) return;
  check(*self,
        {.address = reinterpret_cast<Address>(address), .size = size, .write = write, .pc = pc});
}

}  // namespace
}  // namespace drill::explore

using drill::explore::touch;

#define RACELAB_PLAIN(name) RACELAB_NEXT(name)

extern "C" {

// Found before main(): a function that copies must not need one.
void* __wrap_memcpy(void* to, const void* from, size_t size);
void* __wrap_memcpy(void* to, const void* from, size_t size) {
  return RACELAB_PLAIN(memcpy)(to, from, size);
}
void* __wrap_memmove(void* to, const void* from, size_t size);
void* __wrap_memmove(void* to, const void* from, size_t size) {
  return RACELAB_PLAIN(memmove)(to, from, size);
}
void* __wrap_memset(void* to, int value, size_t size);
void* __wrap_memset(void* to, int value, size_t size) {
  return RACELAB_PLAIN(memset)(to, value, size);
}

void* memcpy(void* to, const void* from, size_t size) noexcept {
  touch(from, size, false, RACELAB_CALLER);
  touch(to, size, true, RACELAB_CALLER);
  return RACELAB_PLAIN(memcpy)(to, from, size);
}

void* memmove(void* to, const void* from, size_t size) noexcept {
  touch(from, size, false, RACELAB_CALLER);
  touch(to, size, true, RACELAB_CALLER);
  return RACELAB_PLAIN(memmove)(to, from, size);
}

void* memset(void* to, int value, size_t size) noexcept {
  touch(to, size, true, RACELAB_CALLER);
  return RACELAB_PLAIN(memset)(to, value, size);
}

// Comparisons stop at the first difference, which is as much as they read.
int memcmp(const void* a, const void* b, size_t size) noexcept {
  const int result = RACELAB_PLAIN(memcmp)(a, b, size);
  if (drill::explore::self != nullptr) {
    size_t read = 0;
    while (read < size && static_cast<const char*>(a)[read] == static_cast<const char*>(b)[read]) {
      ++read;
    }
    read = read < size ? read + 1 : size;
    touch(a, read, false, RACELAB_CALLER);
    touch(b, read, false, RACELAB_CALLER);
  }
  return result;
}

int bcmp(const void* a, const void* b, size_t size) noexcept {
  touch(a, size, false, RACELAB_CALLER);
  touch(b, size, false, RACELAB_CALLER);
  return RACELAB_PLAIN(memcmp)(a, b, size);
}

size_t strlen(const char* text) noexcept {
  const size_t length = RACELAB_PLAIN(strlen)(text);
  touch(text, length + 1, false, RACELAB_CALLER);
  return length;
}

}  // extern "C"
