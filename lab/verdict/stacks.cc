#include "lab/verdict/stacks.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <vector>

#include "lab/verdict/process.h"

namespace lab::verdict {
namespace {

// Functions that a thread is in while it waits without a time limit, as glibc, libstdc++ and both
// sanitizer runtimes name them.
constexpr std::array<std::string_view, 12> kWaits = {"pthread_mutex_lock",
                                                     "pthread_rwlock_wrlock",
                                                     "pthread_rwlock_rdlock",
                                                     "pthread_cond_wait",
                                                     "sem_wait",
                                                     "pthread_clockjoin_ex",
                                                     "pthread_join",
                                                     "__atomic_wait",
                                                     "__platform_wait",
                                                     "_M_do_wait",
                                                     "_M_futex_wait_until(",
                                                     "__cxa_guard_acquire"};

constexpr std::array<std::string_view, 2> kTimed = {"__wait_until", "__wait_for"};

// Threads of the runtime and the drill's own thread that waits for the others.
constexpr std::array<std::string_view, 2> kNotOfTheTest = {"BackgroundThread",
                                                           "drill::report_stuck"};

template <std::size_t N>
bool has_any(std::string_view thread, const std::array<std::string_view, N>& names) {
  return std::any_of(names.begin(), names.end(), [thread](std::string_view name) {
    return thread.find(name) != std::string_view::npos;
  });
}

std::vector<std::string> threads_of(std::string_view stacks) {
  std::istringstream in{std::string(stacks)};
  std::vector<std::string> threads;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("TID ")) {
      threads.emplace_back();
    } else if (line.starts_with("#") && !threads.empty()) {
      threads.back() += line + "\n";
    }
  }
  return threads;
}

}  // namespace

std::string stacks_of(int pid) {
  const auto outcome = run({.arguments = {"eu-stack", "-p", std::to_string(pid)}},
                           {.time = std::chrono::seconds(8)});
  return outcome.started && !outcome.timed_out ? outcome.output : std::string();
}

bool all_blocked(std::string_view stacks) {
  bool any = false;
  for (const auto& thread : threads_of(stacks)) {
    if (has_any(thread, kNotOfTheTest)) continue;
    if (!has_any(thread, kWaits) || has_any(thread, kTimed)) return false;
    any = true;
  }
  return any;
}

}  // namespace lab::verdict
