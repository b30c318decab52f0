#include "lab/cli/building.h"

#include <fmt/core.h>

#include "lab/cli/terminal.h"
#include "lab/paths.h"
#include "lab/verdict/build.h"

namespace lab::cli {

bool build(const std::filesystem::path& tree, const std::vector<std::string>& targets) {
  ProgressLine line;
  const auto built = verdict::build(source_root(), tree, targets, [&line](const std::string& step) {
    line.show("building " + step);
  });
  line.clear();
  if (!built.ok)
    fmt::print(stderr, "{}\nracelab: the build failed; its words are above\n", built.output);
  return built.ok;
}

}  // namespace lab::cli
