#include "lab/measure/matrix.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include "lab/cli/building.h"
#include "lab/cli/commands.h"
#include "lab/cli/terminal.h"
#include "lab/paths.h"

namespace lab::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kInterrupted = 130;

struct Options {
  std::vector<std::string> scenarios;
  std::vector<std::string> tools;
  int runs = 5;
  int jobs = 0;
  bool json = false;
  bool no_build = false;
  std::string markdown;
};

std::atomic<bool> interrupted{false};

std::vector<course::Scenario> scenarios_of(const course::Course& course, const Options& options) {
  if (options.scenarios.empty()) return course.scenarios();
  std::vector<course::Scenario> scenarios;
  for (const auto& text : options.scenarios) scenarios.push_back(course.scenario(text));
  return scenarios;
}

// "12 min" of what is left, by how long what is done took.
std::string left(std::chrono::steady_clock::time_point began, std::size_t done, std::size_t all) {
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - began;
  const double seconds =
      passed.count() / static_cast<double>(done) * static_cast<double>(all - done);
  return seconds < 90 ? fmt::format("{:.0f} s", seconds) : fmt::format("{:.0f} min", seconds / 60);
}

// Only tools that were asked for are looked at, and built for.
std::vector<measure::Tool> tools_of(const Options& options) {
  auto tools = measure::find_tools();
  for (const auto& id : options.tools) {
    if (std::none_of(tools.begin(), tools.end(),
                     [&id](const auto& tool) { return tool.id == id; })) {
      std::string known;
      for (const auto& tool : tools) known += (known.empty() ? "" : ", ") + tool.id;
      throw std::invalid_argument(fmt::format("no tool is called {}; there are {}", id, known));
    }
  }
  if (options.tools.empty()) return tools;
  std::erase_if(tools, [&options](const auto& tool) {
    return std::find(options.tools.begin(), options.tools.end(), tool.id) == options.tools.end();
  });
  return tools;
}

bool build_trees(const std::vector<course::Scenario>& scenarios,
                 const std::vector<measure::Tool>& tools) {
  for (const auto& [tree, targets] : measure::matrix_targets(scenarios, tools)) {
    if (!build(source_root() / "build" / tree, targets)) return false;
  }
  return true;
}

int matrix(const Options& options) {
  const course::Course course(source_root());
  const auto scenarios = scenarios_of(course, options);
  const auto tools = tools_of(options);
  for (const auto& tool : tools) {
    if (tool.missing.empty()) continue;
    fmt::print(stderr, "racelab: {} is not here and is left out. To have it: {}\n", tool.name,
               tool.missing);
  }
  if (!options.no_build && !build_trees(scenarios, tools)) return 1;
  std::signal(SIGINT, [](int) { interrupted = true; });
  ProgressLine progress;
  const auto began = std::chrono::steady_clock::now();
  measure::MatrixOptions how{.root = source_root(),
                             .build = source_root() / "build",
                             .runs = options.runs,
                             .jobs = options.jobs > 0
                                         ? options.jobs
                                         : static_cast<int>(std::thread::hardware_concurrency()),
                             .tools = options.tools,
                             .stop = &interrupted,
                             .progress = {}};
  how.progress = [&](std::size_t done, std::size_t all, const std::string& what) {
    progress.show(
        fmt::format("[{}/{}] about {} left; {}", done, all, left(began, done, all), what));
  };
  const auto result = measure::run_matrix(scenarios, tools, how);
  progress.clear();
  std::signal(SIGINT, SIG_DFL);
  if (interrupted) {
    fmt::print(stderr, "racelab: interrupted. What was run is kept; call again to go on.\n");
    return kInterrupted;
  }
  if (options.json) {
    fmt::print("{}\n", measure::to_json(result).dump(2));
  } else {
    fmt::print("{}", measure::to_text(result));
  }
  if (!options.markdown.empty()) {
    std::ofstream out(options.markdown);
    out << measure::to_markdown(result);
    if (!out.flush()) throw std::runtime_error("cannot write " + options.markdown);
  }
  return 0;
}

}  // namespace

void add_matrix(CLI::App& app, int& exit_code) {
  static Options options;
  auto* command = app.add_subcommand("matrix", "Which tool catches which scenario, measured");
  command->add_option("scenario", options.scenarios, "SCENARIO; all of the course without");
  command->add_option("--runs", options.runs, "Run each tool so often on each version")
      ->check(CLI::Range(1, 10000));
  command->add_option("--tool", options.tools, "Only this tool; may be repeated");
  command->add_option("--jobs", options.jobs, "Run so many at a time; cores by default")
      ->check(CLI::Range(1, 256));
  command->add_flag("--json", options.json, "Print the result as JSON");
  command->add_option("--markdown", options.markdown, "Write the result as Markdown to this file");
  command->add_flag("--no-build", options.no_build, "Take the programs as they are built");
  command->footer(
      "Plain assertions under load, ThreadSanitizer of clang and of g++, Helgrind, DRD, the\n"
      "explorer, -Wthread-safety on an annotated copy, and clang-tidy's concurrency-* and\n"
      "bugprone-* checks: in how many runs each flags the racy collector for its fault, and in\n"
      "how many it flags a correct fix. valgrind and clang-tidy-19 are not needed for anything\n"
      "else and not installed by ./racelab; without them their columns show a dash.\n"
      "Ctrl-C loses nothing: results are kept in build/matrix.json, and the next call goes on.");
  command->callback([&exit_code] { exit_code = matrix(options); });
}

}  // namespace lab::cli
