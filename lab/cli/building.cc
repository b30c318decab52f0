#include "lab/cli/building.h"

#include <fmt/core.h>

#include "lab/cli/terminal.h"
#include "lab/paths.h"
#include "lab/verdict/build.h"

namespace lab::cli {

namespace {

bool told(const verdict::Built& built) {
  if (!built.ok) {
    fmt::print(stderr, "{}\nracelab: the build failed; its words are above\n", built.output);
  }
  return built.ok;
}

}  // namespace

bool build(const std::filesystem::path& tree, const std::vector<std::string>& targets) {
  ProgressLine line;
  const auto built = verdict::build(source_root(), tree, targets, [&line](const std::string& step) {
    line.show("building " + step);
  });
  line.clear();
  return told(built);
}

bool build_for_attempts(const std::set<std::string>& scenarios) {
  ProgressLine line;
  const auto built = verdict::build_for_attempts(
      source_root(), build_root(), scenarios,
      [&line](const std::string& step) { line.show("building " + step); });
  line.clear();
  return told(built);
}

}  // namespace lab::cli
