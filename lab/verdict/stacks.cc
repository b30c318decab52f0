#include "lab/verdict/stacks.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <utility>
#include <vector>

#include "lab/report/lines.h"
#include "lab/verdict/process.h"
#include "lab/verdict/symbolise.h"

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

// A thread's lines: those of eu-stack begin with "#", those of symbolised() are indented.
using Lines = std::vector<std::string>;

std::vector<Lines> threads_of(std::string_view stacks) {
  std::istringstream in{std::string(stacks)};
  std::vector<Lines> threads;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("TID ")) {
      threads.emplace_back();
    } else if (line.find('#') < 5 && !threads.empty()) {
      threads.back().push_back(line);
    }
  }
  return threads;
}

template <std::size_t N>
bool is_in_any(const Lines& thread, const std::array<std::string_view, N>& names) {
  return std::any_of(thread.begin(), thread.end(), [&names](const std::string& line) {
    return line.starts_with('#') && has_any(line, names);
  });
}

// Libraries of the system: their lines are not here, and would say nothing.
bool is_of_the_system(std::string_view module) {
  return module.empty() || module.starts_with("/usr/") || module.starts_with("/lib");
}

}  // namespace

std::string stacks_of(int pid) {
  const auto outcome = run({.arguments = {"eu-stack", "-b", "-m", "-p", std::to_string(pid)}},
                           {.time = std::chrono::seconds(8)});
  return outcome.started && !outcome.timed_out ? with_lines(outcome.output) : std::string();
}

// After "#2  0x7f… name - /path/of/module" comes "    [build id]@0xbase+0xoffset". The runtime's
// own form of such a place is what symbolised() knows.
std::string with_lines(const std::string& stacks) {
  std::istringstream in(stacks);
  std::string bare;
  std::string module;
  int next = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("TID ")) next = 0;
    if (line.starts_with("    [")) {
      const auto plus = line.rfind('+');
      if (plus == std::string::npos || is_of_the_system(module)) continue;
      bare += "    #" + std::to_string(next++) + " <null> <null> (" + module + line.substr(plus) +
              ")\n";
      continue;
    }
    const auto dash = line.starts_with("#") ? line.rfind(" - /") : std::string::npos;
    module = dash == std::string::npos ? "" : line.substr(dash + 3);
    bare += line.substr(0, dash) + "\n";
  }
  std::istringstream named(symbolised(bare));
  std::string result;
  for (std::string line; std::getline(named, line);) {
    if (line.find(" <null> (") == std::string::npos) result += line + "\n";
  }
  return result;
}

std::string readable(std::string_view stacks) {
  std::istringstream in{std::string(stacks)};
  std::string result;
  std::string frame;  // By its address alone, unless lines of it follow.
  int next = 0;
  const auto add = [&](const std::string& text) {
    if (!text.empty()) result += "  #" + std::to_string(next++) + " " + text + "\n";
  };
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("    #")) {
      frame.clear();
      add(line.substr(line.find(' ', 5) + 1));
      continue;
    }
    add(std::exchange(frame, ""));
    const auto name = line.starts_with('#') ? line.find(" 0x") : std::string::npos;
    if (name != std::string::npos) {
      const auto end = line.find(' ', name + 1);
      if (end != std::string::npos) frame = line.substr(end + 1);
      continue;
    }
    if (line.starts_with("TID ")) next = 0;
    result += line + "\n";
  }
  add(frame);
  return result;
}

std::vector<Stand> where_threads_stand(std::string_view stacks, const report::Own& own) {
  std::vector<Stand> stands;
  int number = -1;  // The main thread comes first.
  for (const auto& thread : threads_of(stacks)) {
    const bool is_main = number < 0;
    if (!is_main && is_in_any(thread, kNotOfTheTest)) continue;
    ++number;
    for (const auto& line : thread) {
      if (!line.starts_with("    #")) continue;
      const auto frame = report::parse_frame(line.substr(line.find(' ', 5)));
      if (frame.line == 0 || !own.owns(frame)) continue;
      stands.push_back({is_main ? "main thread" : "thread " + std::to_string(number), frame});
      break;
    }
  }
  return stands;
}

bool all_blocked(std::string_view stacks) {
  bool any = false;
  for (const auto& thread : threads_of(stacks)) {
    if (is_in_any(thread, kNotOfTheTest)) continue;
    if (!is_in_any(thread, kWaits) || is_in_any(thread, kTimed)) return false;
    any = true;
  }
  return any;
}

}  // namespace lab::verdict
