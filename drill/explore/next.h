#pragma once

#include <dlfcn.h>

#include <cstddef>
#include <cstdint>

namespace drill::explore {

// A function's name as a template argument, so that each name is looked up once.
template <std::size_t N>
struct Name {
  constexpr Name(const char (&text)[N]) {  // NOLINT(google-explicit-constructor)
    for (std::size_t i = 0; i < N; ++i) value[i] = text[i];
  }
  char value[N];
};

// The next definition of a function that this library stands before: the C library's own.
template <class Function, Name name>
Function* next_definition() {
  static Function* const function = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name.value));
  return function;
}

// The same for a function of which there are several versions.
template <class Function, Name name, Name version>
Function* next_version() {
  static Function* const function =
      reinterpret_cast<Function*>(dlvsym(RTLD_NEXT, name.value, version.value));
  return function;
}

}  // namespace drill::explore

#define RACELAB_NEXT(function) (::drill::explore::next_definition<decltype(function), #function>())
// Where the function that this stands in was called from.
#define RACELAB_CALLER (reinterpret_cast<::std::uintptr_t>(__builtin_return_address(0)))
