#include <fmt/core.h>

#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

#include "lab/cli/commands.h"
#include "lab/paths.h"
#include "lab/verdict/process.h"

namespace lab::cli {
namespace {

const std::vector<std::string> kPresets = {"tsan", "tsan-gcc"};
constexpr int kInterrupted = 128 + SIGINT;

// Configures, builds and tests one preset, as `cmake --workflow` does, with our words between.
// Returns 0, or the exit code of the step that failed, which is told in `failed`.
int test(const std::string& preset, std::vector<std::string>& failed) {
  const auto step = [&](const char* title, const std::vector<std::string>& arguments) {
    fmt::print("\n== {}: {}\n", preset, title);
    std::fflush(stdout);
    const int code = verdict::run_attached({.arguments = arguments, .folder = source_root()});
    if (code != 0)
      failed.push_back(fmt::format("{} failed at '{}' (exit {})", preset, title, code));
    return code;
  };
  int code = step("configure", {"cmake", "--preset", preset, "--log-level=WARNING"});
  if (code == 0) code = step("build", {"cmake", "--build", "--preset", preset});
  if (code == 0) code = step("test", {"ctest", "--preset", preset, "--progress"});
  return code;
}

}  // namespace

void add_test(CLI::App& app, int& exit_code) {
  static std::vector<std::string> presets;
  auto* command = app.add_subcommand(
      "test", "Everything CI runs: build and test with both compilers (minutes)");
  command->add_option("--preset", presets, "Only this preset (tsan, tsan-gcc); may be repeated")
      ->check(CLI::IsMember(kPresets));
  command->callback([&exit_code] {
    // What the tests print is compared, and must not depend on how this command was called.
    unsetenv("RACELAB_CALLED");
    std::vector<std::string> failed;
    for (const auto& preset : presets.empty() ? kPresets : presets) {
      // One compiler's failure says nothing of the other; Ctrl-C is meant for both.
      if (test(preset, failed) == kInterrupted) break;
    }
    for (const auto& what : failed) fmt::print(stderr, "racelab: {}\n", what);
    exit_code = failed.empty() ? 0 : 1;
  });
}

}  // namespace lab::cli
