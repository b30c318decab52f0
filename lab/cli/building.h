#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace lab::cli {

// Builds targets of a build tree with a progress line on a terminal. When it fails, shows what the
// compiler said and returns false.
bool build(const std::filesystem::path& tree, const std::vector<std::string>& targets);

}  // namespace lab::cli
