#pragma once

#include <filesystem>
#include <string>

namespace lab {

// The checkout that this program was built from, and its build tree (build/tsan). The variables
// RACELAB_ROOT and RACELAB_BUILD override them (a miniature course, a judge of another tree).
std::filesystem::path source_root();
std::filesystem::path build_root();

// The program as its user typed it, for the commands that it tells: the launcher says so in
// RACELAB_CALLED; "./racelab" without.
std::string called();

}  // namespace lab
