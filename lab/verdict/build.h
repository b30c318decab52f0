#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace lab::verdict {

struct Built {
  bool ok = false;
  std::string output;  // Of cmake and the compiler, when it failed.
};

// Called with "[12/80]" as the build goes on.
using BuildProgress = std::function<void(const std::string& step)>;

// Builds targets of a build tree, configuring it first when it is build/<preset> of `source` and
// not there yet. One builder at a time works in a tree; others wait, at most half an hour.
Built build(const std::filesystem::path& source, const std::filesystem::path& tree,
            const std::vector<std::string>& targets, const BuildProgress& progress = {});

}  // namespace lab::verdict
