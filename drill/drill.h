#pragma once

#include <functional>
#include <initializer_list>
#include <type_traits>
#include <utility>
#include <vector>

// What a contract is written in. A contract is ordinary GoogleTest plus concurrently().
namespace drill {

using Functions = std::vector<std::function<void()>>;

// Runs each function on a thread of its own, as the engine in force decides (drill/engine.h), and
// returns when all have ended. An exception that leaves a function fails the running test.
// Happens-before: the caller's past is visible to every function, and every function's effects to
// the caller afterwards; between the functions nothing is ordered.
// Bounded: after the drill's limit (--limit-seconds, 10 by default; once more for each eight
// functions; up to twelve times that on a machine that gives it no processor) the process reports
// who is still running and ends. Call it from the test's own thread, never from within a function.
void concurrently(Functions functions);

// A call of a function object that outlives it. One type for all of them: a contract has some
// forty, and a std::function made of each was a third of the time that it takes to compile.
struct Call {
  const void* callee;
  void (*invoke)(const void*);
  void operator()() const { invoke(callee); }
};

template <class F>
Call call_of(F& function) {
  return {&function, [](const void* callee) { (*static_cast<F*>(const_cast<void*>(callee)))(); }};
}

void concurrently(std::initializer_list<Call> calls);

template <class... F>
requires(sizeof...(F) >= 2 &&
         (std::is_invocable_v<F&> && ...)) void concurrently(F&&... functions) {
  concurrently({call_of(functions)...});
}

// True when every contract of this program was compiled with -fsanitize=thread: a clean run of any
// other proves nothing.
bool instrumented();

// Called before main() by each file that includes this header.
bool note_unit(bool instrumented);

}  // namespace drill

namespace {
#if defined(__SANITIZE_THREAD__)
[[maybe_unused]] const bool drill_unit_noted = drill::note_unit(true);
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
[[maybe_unused]] const bool drill_unit_noted = drill::note_unit(true);
#else
[[maybe_unused]] const bool drill_unit_noted = drill::note_unit(false);
#endif
#else
[[maybe_unused]] const bool drill_unit_noted = drill::note_unit(false);
#endif
}  // namespace
