#include <fmt/core.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "lab/cli/commands.h"
#include "lab/paths.h"
#include "lab/verdict/process.h"

namespace lab::cli {
namespace {

const std::vector<std::string> kPresets = {"tsan", "tsan-gcc"};

// Configures, builds and tests one preset, as `cmake --workflow` does, with our words between.
bool test(const std::string& preset) {
  const auto step = [&preset](const char* title, const std::vector<std::string>& arguments) {
    fmt::print("\n== {}: {}\n", preset, title);
    std::fflush(stdout);
    const int code = verdict::run_attached({.arguments = arguments, .folder = source_root()});
    if (code != 0)
      fmt::print(stderr, "racelab: {} failed at '{}' (exit {})\n", preset, title, code);
    return code == 0;
  };
  return step("configure", {"cmake", "--preset", preset, "--log-level=WARNING"}) &&
         step("build", {"cmake", "--build", "--preset", preset}) &&
         step("test", {"ctest", "--preset", preset, "--progress"});
}

}  // namespace

void add_test(CLI::App& app, int& exit_code) {
  static std::vector<std::string> presets;
  auto* command = app.add_subcommand(
      "test", "Everything CI runs: build and test with both compilers (minutes)");
  command->add_option("--preset", presets, "Only this preset (tsan, tsan-gcc); may be repeated")
      ->check(CLI::IsMember(kPresets));
  command->callback([&exit_code] {
    exit_code = 0;
    // What the tests print is compared, and must not depend on how this command was called.
    unsetenv("RACELAB_CALLED");
    for (const auto& preset : presets.empty() ? kPresets : presets) {
      if (!test(preset)) {
        exit_code = 1;
        return;
      }
    }
  });
}

}  // namespace lab::cli
