#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "lab/report/report.h"

namespace lab::report {

// One of the usual ways out of a kind of fault, told apart where it does not fit all of its cases:
// kGuard is a guard of the library, which takes no pthread_mutex_t.
struct Fix {
  enum class By : std::uint8_t { kAny, kMutex, kAtomic, kOwnership, kGuard };

  constexpr Fix() = default;
  constexpr Fix(const char* fix, By way = By::kAny) : text(fix), by(way) {}  // NOLINT: a literal.

  std::string_view text;
  By by = By::kAny;
};

// What a kind of report means, in the words of somebody who explains it.
struct Kind {
  std::string_view id;      // Stable, for machines: "data-race".
  std::string_view title;   // "Data race"
  std::string_view begins;  // Reports whose kind begins with this; the table is in order of choice.
  std::string_view meaning;   // What happened.
  std::string_view why;       // Why it matters.
  std::array<Fix, 3> fixes;   // The usual ones; may end in empty ones.
  std::string_view scenario;  // Where the course teaches it.
};

// Never fails: a kind that nobody has described yet is "unknown", a fatal signal "crash".
const Kind& describe_kind(const Report& report);

}  // namespace lab::report
