#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace lab::cli {

// Builds targets of a build tree with a progress line on a terminal. When it fails, shows what the
// compiler said and returns false.
bool build(const std::filesystem::path& tree, const std::vector<std::string>& targets);

// The same for what attempts at the scenarios are built from; at once when nothing changed since.
bool build_for_attempts(const std::set<std::string>& scenarios);

}  // namespace lab::cli
