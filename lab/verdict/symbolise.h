#pragma once

#include <string>

namespace lab::verdict {

// How a judged program is to print a frame of its reports: where it is, but not what. It must start
// no program of its own, and names are wanted only of reports that are shown.
inline constexpr const char* kFrameFormat = "    #%n <null> <null> (%m+%o)";

// The text with those frames made whole, as the runtime itself would have printed them: functions
// that the compiler inlined become frames of their own, and what starts main() and threads is left
// out. Runs llvm-symbolizer once; without it the text stays as it is.
std::string symbolised(const std::string& text);

}  // namespace lab::verdict
