#pragma once

#include <string>
#include <string_view>

#include "lab/report/causes.h"

namespace lab::report {

// What of its line's code a side is in, the rest blank: the statement where the column tells, else
// the body of its function or lambda, where that stands on the line.
struct SideCode {
  std::string code;
  // Which of several lambdas of the line it is in, nothing tells; `code` is the line's.
  bool ambiguous = false;
};
SideCode code_of_side(const Side& side, std::string_view line);

}  // namespace lab::report
