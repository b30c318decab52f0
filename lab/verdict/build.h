#pragma once

#include <filesystem>
#include <functional>
#include <set>
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

// Builds what attempts at the scenarios of `course` are built from: their racy pairs and the
// canary. Asks the build system only when a file that they are made of is newer than the last such
// build, since asking takes longer than judging.
Built build_for_attempts(const std::filesystem::path& course, const std::filesystem::path& tree,
                         const std::set<std::string>& scenarios,
                         const BuildProgress& progress = {});

// The folder that a build tree was configured from; empty when there is none.
std::filesystem::path source_of(const std::filesystem::path& tree);

}  // namespace lab::verdict
