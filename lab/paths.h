#pragma once

#include <filesystem>

namespace lab {

// The checkout that this program was built from, and its build tree (build/tsan). The variables
// RACELAB_ROOT and RACELAB_BUILD override them (a miniature course, a judge of another tree).
std::filesystem::path source_root();
std::filesystem::path build_root();

}  // namespace lab
