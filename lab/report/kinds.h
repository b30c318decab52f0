#pragma once

#include <array>
#include <string_view>

#include "lab/report/report.h"

namespace lab::report {

// What a kind of report means, in the words of somebody who explains it.
struct Kind {
  std::string_view id;      // Stable, for machines: "data-race".
  std::string_view title;   // "Data race"
  std::string_view begins;  // Reports whose kind begins with this; the table is in order of choice.
  std::string_view meaning;               // What happened.
  std::string_view why;                   // Why it matters.
  std::array<std::string_view, 3> fixes;  // The usual ones; may end in empty ones.
  std::string_view scenario;              // Where the course teaches it.
};

// Never fails: a kind that nobody has described yet is "unknown", a fatal signal "crash".
const Kind& describe_kind(const Report& report);

}  // namespace lab::report
