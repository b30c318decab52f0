#include "lab/measure/bench.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "lab/cli/building.h"
#include "lab/cli/commands.h"
#include "lab/cli/terminal.h"
#include "lab/measure/loop.h"
#include "lab/paths.h"

namespace lab::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kInterrupted = 130;
constexpr double kQuickSeconds = 0.05;
constexpr double kBusyLoad = 0.8;

struct Options {
  std::vector<std::string> scenarios;
  bool json = false;
  bool markdown = false;
  bool quick = false;
  double seconds = 1;
  int threads = 0;
  std::string svg;
  std::string from;
  bool loop = false;
  int runs = 20;
};

std::atomic<bool> interrupted{false};

// The tree of the release preset; a test measures a miniature course in one of its own.
fs::path release_tree() {
  const char* tree = std::getenv("RACELAB_BENCH_BUILD");
  return tree && *tree ? fs::path(tree) : source_root() / "build" / "release";
}

void write(const fs::path& file, const std::string& text) {
  std::ofstream out(file);
  out << text;
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

void draw(const measure::Bench& bench, const fs::path& folder) {
  fs::create_directories(folder);
  for (const auto& scenario : bench.scenarios) {
    write(folder / (scenario.scenario + ".svg"), measure::throughput_svg(scenario));
    write(folder / (scenario.scenario + ".latency.svg"), measure::latency_svg(scenario));
  }
}

measure::Bench kept(const std::string& file, const std::vector<std::string>& selected) {
  std::ifstream in(file);
  if (!in) throw std::invalid_argument("there is no file " + file);
  auto bench = measure::bench_from_json(nlohmann::ordered_json::parse(in, nullptr, false));
  if (selected.empty()) return bench;
  std::erase_if(bench.scenarios, [&selected](const auto& scenario) {
    return std::none_of(selected.begin(), selected.end(), [&](const auto& text) {
      return scenario.scenario.find(text) != std::string::npos;
    });
  });
  if (bench.scenarios.empty()) throw std::invalid_argument(file + " has no such scenario");
  return bench;
}

std::vector<const course::Scenario*> scenarios_of(const course::Course& course,
                                                  const Options& options) {
  std::vector<const course::Scenario*> scenarios;
  for (const auto& text : options.scenarios) scenarios.push_back(&course.scenario(text));
  if (!scenarios.empty()) return scenarios;
  for (const auto& scenario : course.scenarios()) scenarios.push_back(&scenario);
  return scenarios;
}

measure::BenchOptions measuring(const Options& options) {
  measure::BenchOptions how{.seconds = options.quick ? kQuickSeconds : options.seconds,
                            .threads = measure::usual_threads(),
                            .stop = &interrupted,
                            .progress = {}};
  if (options.quick) how.threads = {1, 2};
  if (options.threads > 0) {
    how.threads.clear();
    for (int count = 1; count <= options.threads; count *= 2) how.threads.push_back(count);
  }
  return how;
}

// Others at work on this machine would be measured as well.
void warn_of_load() {
  double load[1] = {0};
  if (getloadavg(load, 1) != 1 || load[0] < kBusyLoad) return;
  fmt::print(stderr,
             "racelab: this machine is busy (load {:.1f}): figures will be too low, and "
             "comparisons may be wrong\n",
             load[0]);
}

// What was measured, also when it was interrupted.
measure::Bench run(const std::vector<const course::Scenario*>& scenarios, const fs::path& tree,
                   const Options& options) {
  auto how = measuring(options);
  measure::Bench bench{.date = measure::today(),
                       .processor = measure::processor_name(),
                       .cores = static_cast<int>(std::thread::hardware_concurrency()),
                       .compiler = {},
                       .seconds = how.seconds,
                       .scenarios = {}};
  double left = 0;
  for (const auto* scenario : scenarios) left += measure::expected_seconds(*scenario, how);
  if (!options.json) {
    fmt::print("Measuring {} scenario{}, about {:.0f} s. Leave the machine alone meanwhile.\n\n",
               scenarios.size(), scenarios.size() == 1 ? "" : "s", left);
    std::fflush(stdout);
  }
  std::signal(SIGINT, [](int) { interrupted = true; });
  ProgressLine progress;
  for (const auto* scenario : scenarios) {
    how.progress = [&](const std::string& what) {
      progress.show(fmt::format("measuring {}, about {:.0f} s left", what, left));
    };
    auto measured = measure::run_bench(*scenario, tree, how);
    if (interrupted) break;
    bench.compiler = measured.compiler;
    left -= measure::expected_seconds(*scenario, how);
    progress.clear();
    if (!options.json && !options.markdown) fmt::print("{}\n", measure::to_text(measured));
    std::fflush(stdout);
    bench.scenarios.push_back(std::move(measured));
  }
  std::signal(SIGINT, SIG_DFL);
  return bench;
}

void print(const measure::Bench& bench, const Options& options) {
  if (options.json) {
    fmt::print("{}\n", measure::to_json(bench).dump(2));
  } else if (options.markdown) {
    for (const auto& scenario : bench.scenarios) {
      fmt::print("{}\n", measure::to_markdown(bench, scenario));
    }
  } else if (!options.from.empty()) {
    for (const auto& scenario : bench.scenarios) fmt::print("{}\n", measure::to_text(scenario));
  }
}

int loop(const Options& options) {
  warn_of_load();
  std::signal(SIGINT, [](int) { interrupted = true; });
  ProgressLine progress;
  measure::LoopOptions how{.program = fs::read_symlink("/proc/self/exe"),
                           .root = source_root(),
                           .runs = options.runs,
                           .stop = &interrupted,
                           .progress = {}};
  how.progress = [&progress](int done, int all) {
    progress.show(fmt::format("saving and judging, {} of {}", done, all));
  };
  const auto result = measure::run_loop(how);
  std::signal(SIGINT, SIG_DFL);
  progress.clear();
  if (options.json) {
    fmt::print("{}\n", measure::to_json(result).dump(2, ' ', false,
                                                     nlohmann::json::error_handler_t::replace));
  } else {
    fmt::print("{}", measure::to_text(result));
  }
  if (interrupted) return kInterrupted;
  return std::all_of(
             result.rows.begin(), result.rows.end(),
             [](const auto& row) { return row.check.problem.empty() && row.go.problem.empty(); })
             ? 0
             : 1;
}

int bench(const Options& options) {
  if (options.loop) return loop(options);
  if (!options.from.empty()) {
    const auto result = kept(options.from, options.scenarios);
    print(result, options);
    if (!options.svg.empty()) draw(result, options.svg);
    return 0;
  }
  const course::Course course(source_root());
  const auto scenarios = scenarios_of(course, options);
  const auto tree = release_tree();
  std::vector<std::string> targets;
  for (const auto* scenario : scenarios) {
    const auto more = measure::bench_targets(*scenario);
    targets.insert(targets.end(), more.begin(), more.end());
  }
  if (!build(tree, targets)) return 1;
  warn_of_load();
  const auto result = run(scenarios, tree, options);
  print(result, options);
  const auto folder = options.svg.empty() ? tree.parent_path() / "bench" : fs::path(options.svg);
  draw(result, folder);
  if (!options.json && !options.markdown && !result.scenarios.empty()) {
    fmt::print("Plots: {}/*.svg\n", folder.string());
  }
  if (interrupted) {
    fmt::print(stderr, "racelab: interrupted; what is above was measured whole\n");
    return kInterrupted;
  }
  const bool whole =
      std::all_of(result.scenarios.begin(), result.scenarios.end(), [](const auto& scenario) {
        return std::none_of(scenario.variants.begin(), scenario.variants.end(),
                            [](const auto& variant) { return !variant.problem.empty(); });
      });
  return whole ? 0 : 1;
}

}  // namespace

void add_bench(CLI::App& app, int& exit_code) {
  static Options options;
  auto* command = app.add_subcommand("bench", "What each fix costs, measured, with plots");
  command->add_option("scenario", options.scenarios, "SCENARIO; all of the course without");
  command->add_option("--seconds", options.seconds, "Measure each figure so long")
      ->check(CLI::Range(0.01, 600.0));
  command->add_flag("--quick", options.quick, "A short look: too short to quote");
  command->add_option("--threads", options.threads, "Up to so many threads; cores, at least 4")
      ->check(CLI::Range(1, 64));
  command->add_flag("--json", options.json, "Print the figures as JSON");
  command->add_flag("--markdown", options.markdown, "Print the tables as Markdown");
  command->add_option("--svg", options.svg, "Folder for the plots; build/bench without");
  command->add_option("--from", options.from,
                      "Show a result that was kept with --json, measure nothing");
  command->add_flag(
      "--loop", options.loop,
      "Measure save to verdict instead: `" + called() + " check` beside `go test -race`");
  command->add_option("--runs", options.runs, "With --loop: the median of so many runs")
      ->check(CLI::Range(1, 1000));
  command->footer(
      "Each fix, beside the racy collector on one thread, and for maps a bare TBB map: calls a\n"
      "second on 1, 2, 4, ... threads, and how long single calls take. Records and keys are the\n"
      "recorded session's; read-mostly is 95% queries, write-mostly 5%. The programs are built\n"
      "without a sanitizer, by the preset release. A scenario takes a minute or two.");
  command->callback([&exit_code] { exit_code = bench(options); });
}

}  // namespace lab::cli
